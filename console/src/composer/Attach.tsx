import { ActionIcon, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import styles from './Files.module.css';

interface Props {
  add: (files: readonly File[]) => void;
}

/** Lets the operator choose files: by a button, by the camera of a touch device, or by dropping them. */
export function Attach({ add }: Props) {
  const hasCamera = useMediaQuery('(pointer: coarse)');
  return (
    <>
      <Choose label="upload.attach" icon="clip" add={add} multiple />
      {hasCamera && (
        <Choose
          label="upload.camera"
          icon="camera"
          add={add}
          accept="image/*"
          capture="environment"
        />
      )}
      <Drop add={add} />
    </>
  );
}

interface ChooseProps extends Props {
  label: 'upload.attach' | 'upload.camera';
  icon: 'clip' | 'camera';
  multiple?: boolean;
  accept?: string;
  capture?: 'environment';
}

function Choose({ label, icon, add, ...rest }: ChooseProps) {
  const text = useText();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={text(label)}
        title={text(label)}
        onClick={() => {
          input.current?.click();
        }}
      >
        <Icon name={icon} />
      </ActionIcon>
      <input
        ref={input}
        type="file"
        hidden
        {...rest}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes files that the operator drops on the page, with a hint while they are over it. */
function Drop({ add }: Props) {
  const text = useText();
  const [isOver, setOver] = useState(false);
  const take = useEffectEvent((files: readonly File[]) => {
    add(files);
  });
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      // Otherwise the browser opens the file in place of the page.
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      take([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  if (!isOver) return null;
  return (
    <div className={styles.drop}>
      <Text size="lg">{text('upload.drop')}</Text>
    </div>
  );
}
