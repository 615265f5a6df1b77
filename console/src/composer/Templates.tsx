import { Combobox, Loader, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { sayFault } from '../error/fault';
import { useText } from '../language/language';
import styles from './Composer.module.css';
import type { Answers } from './useAnswers';

interface Props {
  list: Answers;
  children: ReactNode;
}

/** Ready answers over the field: found by typing, chosen with arrows and Enter. */
export function Templates({ list, children }: Props) {
  const text = useText();
  const { combobox, isOpen, answers, insert } = list;
  return (
    <Combobox
      store={combobox}
      position="top-start"
      width={420}
      shadow="md"
      onOptionSubmit={(id) => {
        const answer = answers.find((one) => one.id === id);
        if (answer !== undefined) insert(answer.text);
      }}
    >
      <Combobox.Target withKeyboardNavigation={isOpen}>{children}</Combobox.Target>
      <Combobox.Dropdown hidden={!isOpen}>
        <Combobox.Options
          aria-label={text('composer.templates')}
          mah={280}
          className={styles.answers ?? ''}
        >
          {answers.map(({ id, title, text: answer }) => (
            <Combobox.Option key={id} value={id}>
              <Text size="sm" fw={600} dir="auto">
                {title}
              </Text>
              <Text size="xs" lineClamp={2} dir="auto">
                {answer}
              </Text>
            </Combobox.Option>
          ))}
        </Combobox.Options>
        {answers.length === 0 && (
          <Combobox.Empty>
            <Nothing list={list} />
          </Combobox.Empty>
        )}
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** Why there is none: not before it is known. */
function Nothing({ list: { isSettled, error } }: { list: Answers }) {
  const text = useText();
  if (!isSettled) return <Loader size="xs" />;
  return <span>{text(error === undefined ? 'composer.noTemplates' : sayFault(error))}</span>;
}
