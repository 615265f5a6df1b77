import { useEffect, useRef, useState, type Dispatch, type SetStateAction } from 'react';
import { keepDraft, readDraft, type Draft } from './drafts';

export type SetDraft = Dispatch<SetStateAction<Draft>>;

const SETTLED = 300;

/** Keeps the draft of a session. It is there again after another session, or a reload. */
export function useDraft(personId: string, sessionId: string): [Draft, SetDraft] {
  const [draft, setDraft] = useState(() => readDraft(localStorage, personId, sessionId));
  const latest = useRef(draft);
  useEffect(() => {
    const keep = () => {
      keepDraft(localStorage, personId, sessionId, latest.current, Date.now());
    };
    if (latest.current === draft) return;
    latest.current = draft;
    const timer = setTimeout(keep, SETTLED);
    return () => {
      clearTimeout(timer);
    };
  }, [personId, sessionId, draft]);
  useEffect(() => {
    const keep = () => {
      keepDraft(localStorage, personId, sessionId, latest.current, Date.now());
    };
    window.addEventListener('pagehide', keep);
    return () => {
      window.removeEventListener('pagehide', keep);
      keep();
    };
  }, [personId, sessionId]);
  return [draft, setDraft];
}
