import { ActionIcon, Text, VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { copy } from '../dialog/copy';
import { Icon } from '../icon/Icon';
import { useText } from '../language/language';
import { linkOf, nameOfKind } from './contact';
import styles from './Contacts.module.css';
import { Field } from './Field';

interface Contact {
  kind: string;
  value: string;
}

/** The other ways to reach the client: links where they can be followed, and all to be copied. */
export function Contacts({ contacts }: { contacts: readonly Contact[] }) {
  const text = useText();
  if (contacts.length === 0) return null;
  return (
    <Field label={text('information.contacts')}>
      <ul className={styles.contacts}>
        {contacts.map(({ kind, value }) => (
          <li key={`${kind} ${value}`} className={styles.contact}>
            <Kind kind={kind} />
            <Text size="sm" className={styles.value ?? ''}>
              <Value kind={kind} value={value} />
            </Text>
            <Copy value={value} />
          </li>
        ))}
      </ul>
    </Field>
  );
}

function Kind({ kind }: { kind: string }) {
  const text = useText();
  const name = nameOfKind(kind);
  return (
    <Text size="xs" c="dimmed" className={styles.kind ?? ''}>
      <bdi>{name === undefined ? kind : text(name)}</bdi>
    </Text>
  );
}

function Value({ kind, value }: Contact) {
  const link = linkOf(kind, value);
  if (link === undefined) return <bdi>{value}</bdi>;
  return (
    <a
      href={link.href}
      {...(link.isPage && { target: '_blank', rel: 'noopener noreferrer nofollow' })}
    >
      <bdi>{value}</bdi>
    </a>
  );
}

const SHOWN = 2_000;

function Copy({ value }: { value: string }) {
  const text = useText();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => {
      setCopied(false);
    }, SHOWN);
    return () => {
      clearTimeout(timer);
    };
  }, [isCopied]);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={text('information.copy', { value })}
        title={text('information.copyIt')}
        onClick={async () => {
          setCopied(await copy(value));
        }}
      >
        <Icon name={isCopied ? 'check' : 'copy'} size={14} />
      </ActionIcon>
      <VisuallyHidden role="status">{isCopied && text('information.copied')}</VisuallyHidden>
    </>
  );
}
