import { skipToken, useQuery } from '@apollo/client/react';
import { Combobox, Loader, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, type ReactNode } from 'react';
import { sayFault } from '../error/fault';
import { useText } from '../language/language';
import { TEMPLATES } from './acts';
import styles from './Composer.module.css';

interface Props {
  sessionId: string;
  /** What to look for; `undefined` looks for nothing. */
  query: string | undefined;
  insert: (answer: string) => void;
  close: () => void;
  children: ReactNode;
}

const TYPED = 150;

/** Ready answers over the field: found by typing, chosen with arrows and Enter. */
export function Templates({ sessionId, query, insert, close, children }: Props) {
  const text = useText();
  const combobox = useCombobox();
  const opened = query !== undefined;
  const [asked] = useDebouncedValue(query, query === '' ? 0 : TYPED);
  const { data, error, previousData, loading } = useQuery(
    TEMPLATES,
    opened && asked !== undefined ? { variables: { sessionId, query: asked } } : skipToken,
  );
  const answers = opened ? ((data ?? previousData)?.viewer.session?.templates.nodes ?? []) : [];
  const { openDropdown, closeDropdown, selectFirstOption, resetSelectedOption } = combobox;
  useEffect(() => {
    if (opened) openDropdown();
    else closeDropdown();
  }, [opened, openDropdown, closeDropdown]);
  const count = answers.length;
  useEffect(() => {
    if (opened && count > 0) selectFirstOption();
    else resetSelectedOption();
  }, [opened, count, data, selectFirstOption, resetSelectedOption]);
  return (
    <Combobox
      store={combobox}
      position="top-start"
      width={420}
      shadow="md"
      onClose={close}
      onOptionSubmit={(id) => {
        const answer = answers.find((one) => one.id === id);
        if (answer !== undefined) insert(answer.text);
      }}
    >
      <Combobox.Target withKeyboardNavigation={opened} withExpandedAttribute={opened}>
        {children}
      </Combobox.Target>
      <Combobox.Dropdown hidden={!opened}>
        <Combobox.Options mah={280} className={styles.answers ?? ''}>
          {answers.map(({ id, title, text: answer }) => (
            <Combobox.Option key={id} value={id}>
              <Text size="sm" fw={600}>
                {title}
              </Text>
              <Text size="xs" opacity={0.8} lineClamp={2} dir="auto">
                {answer}
              </Text>
            </Combobox.Option>
          ))}
          {count === 0 && (
            <Combobox.Empty>
              {loading ? (
                <Loader size="xs" />
              ) : (
                text(error === undefined ? 'composer.noTemplates' : sayFault(error))
              )}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
