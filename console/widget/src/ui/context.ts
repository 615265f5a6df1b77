import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Chat } from '../chat';
import type { Texts } from '../text';
import type { Times } from './times';

/** The objects that every part of the interface may use. */
export interface Surroundings {
  readonly chat: Chat;
  readonly texts: Texts;
  readonly times: Times;
}

const Context = createContext<Surroundings | null>(null);

export const { Provider } = Context;

export function useSurroundings(): Surroundings {
  const found = useContext(Context);
  if (found === null) throw new Error('rendered outside of the widget');
  return found;
}
