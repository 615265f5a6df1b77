import { ActionIcon, Modal, Text } from '@mantine/core';
import { useEffect, useEffectEvent, useMemo } from 'react';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { isPicture } from './attachment';
import type { Entry } from './rows';
import { useFreshLink } from './useFreshLink';
import styles from './Viewer.module.css';

interface Props {
  /** The entries on the screen: their pictures follow one another. */
  entries: readonly Entry[];
  /** The picture that is shown. */
  id: string | undefined;
  show: (id: string | undefined) => void;
}

/** Shows a picture of the dialog as large as the page. The arrow keys show the others, Esc closes it. */
export function Viewer({ entries, id, show }: Props) {
  const text = useText();
  const pictures = useMemo(
    () => entries.flatMap(({ attachments }) => attachments.filter(isPicture)),
    [entries],
  );
  const place = pictures.findIndex((picture) => picture.id === id);
  const picture = pictures[place];
  const [before, after] = [pictures[place - 1], pictures[place + 1]];
  const close = () => {
    show(undefined);
  };
  const isOpen = picture !== undefined;
  const turn = useEffectEvent(({ key }: KeyboardEvent) => {
    const next = { ArrowLeft: before, ArrowRight: after }[key];
    if (next !== undefined) show(next.id);
  });
  // Wherever the focus is: it comes into the viewer only when all of it is shown.
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = (event: KeyboardEvent) => {
      turn(event);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, [isOpen]);
  return (
    <Modal.Root opened={isOpen} onClose={close} fullScreen>
      <Modal.Overlay />
      <Modal.Content aria-label={text('dialog.viewer')} className={styles.viewer ?? ''}>
        {picture && (
          <div className={styles.frame}>
            <div className={styles.bar}>
              <Text size="sm" className={styles.name ?? ''} role="status">
                {text('dialog.viewerOf', {
                  name: picture.name,
                  place: place + 1,
                  count: pictures.length,
                })}
              </Text>
              <ActionIcon
                component="a"
                variant="default"
                href={picture.url}
                download={picture.name}
                target="_blank"
                rel="noreferrer noopener"
                aria-label={text('dialog.download')}
              >
                <Icon name="download" />
              </ActionIcon>
              <ActionIcon
                data-autofocus
                variant="default"
                aria-label={text('dialog.viewerClose')}
                onClick={close}
              >
                <Icon name="close" />
              </ActionIcon>
            </div>
            <Whole key={picture.id} picture={picture} />
            <Turn to={before?.id} show={show} label="dialog.viewerBefore" icon="left" />
            <Turn to={after?.id} show={show} label="dialog.viewerAfter" icon="right" />
          </div>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

function Whole({ picture }: { picture: { id: string; name: string; url: string } }) {
  const refresh = useFreshLink(picture);
  return <img className={styles.picture} src={picture.url} alt={picture.name} onError={refresh} />;
}

interface TurnProps {
  to: string | undefined;
  show: (id: string) => void;
  label: 'dialog.viewerBefore' | 'dialog.viewerAfter';
  icon: 'left' | 'right';
}

function Turn({ to, show, label, icon }: TurnProps) {
  const text = useText();
  return (
    <ActionIcon
      className={styles.turn ?? ''}
      data-side={icon}
      variant="default"
      size="lg"
      aria-label={text(label)}
      disabled={to === undefined}
      onClick={() => {
        if (to !== undefined) show(to);
      }}
    >
      <Icon name={icon} />
    </ActionIcon>
  );
}
