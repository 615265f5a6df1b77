import { skipToken, useQuery } from '@apollo/client/react';
import { useCombobox, type ComboboxStore } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import type { ReadyAnswersQuery } from '../generated/graphql';
import { TEMPLATES } from './acts';

type Answer = NonNullable<ReadyAnswersQuery['viewer']['session']>['templates']['nodes'][number];

/** The list of ready answers over the field. */
export interface Answers {
  combobox: ComboboxStore;
  isOpen: boolean;
  /** Those that were found last: of what was typed before, while it is not settled. */
  answers: readonly Answer[];
  /** True if the answers are those for the text that is typed now. */
  isSettled: boolean;
  error: unknown;
  insert: (answer: string) => void;
  /** Does what Enter means; false where it has nothing to do with the list. */
  enter: () => boolean;
}

const TYPED = 150;
const answersOf = (data: ReadyAnswersQuery | undefined) =>
  data?.viewer.session?.templates.nodes ?? [];

/** Finds ready answers by what is typed; `undefined` looks for nothing. */
export function useAnswers(
  sessionId: string,
  query: string | undefined,
  insert: (answer: string) => void,
): Answers {
  const combobox = useCombobox();
  const isOpen = query !== undefined;
  const [asked] = useDebouncedValue(query, query === '' ? 0 : TYPED);
  const { data, error, previousData, loading } = useQuery(
    TEMPLATES,
    isOpen && asked !== undefined ? { variables: { sessionId, query: asked } } : skipToken,
  );
  const isSettled = isOpen && asked === query && !loading;
  const answers = isOpen ? answersOf(isSettled ? data : (data ?? previousData)) : [];
  useMark(combobox, isOpen, answers.length, data);
  // Enter on a list that is still being read is meant for what it will have.
  const awaited = useRef<string>(undefined);
  useEffect(() => {
    if (awaited.current !== query) awaited.current = undefined;
    if (awaited.current === undefined || !isSettled) return;
    awaited.current = undefined;
    const [first] = answers;
    if (first !== undefined) insert(first.text);
  });
  const enter = () => {
    if (query === undefined) return false;
    const chosen = answers[Math.max(0, combobox.getSelectedOptionIndex())];
    // The library is not to choose as well.
    combobox.resetSelectedOption();
    if (!isSettled) awaited.current = query;
    else if (chosen !== undefined) insert(chosen.text);
    return !isSettled || chosen !== undefined;
  };
  return { combobox, isOpen, answers, isSettled, error, insert, enter };
}

/** Shows the list while something is looked for, with its first line marked. */
function useMark(combobox: ComboboxStore, isOpen: boolean, count: number, data: unknown): void {
  const { openDropdown, closeDropdown, selectFirstOption, resetSelectedOption } = combobox;
  useEffect(() => {
    if (isOpen) openDropdown();
    else closeDropdown();
  }, [isOpen, openDropdown, closeDropdown]);
  useEffect(() => {
    if (isOpen && count > 0) selectFirstOption();
    else resetSelectedOption();
  }, [isOpen, count, data, selectFirstOption, resetSelectedOption]);
}
