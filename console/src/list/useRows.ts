import type { FragmentType } from '@apollo/client';
import { useEffect, useMemo } from 'react';
import { useFacts } from '../apollo/useFacts';
import { graphql } from '../generated';
import type { Lists_ViewerFragment as ViewerFacts } from '../generated/graphql';
import { useLists, useListsContext } from './lists';
import { rowsOf, type Row } from './tree';
import { UNLOADED } from './SessionList';

const VIEWER = graphql(`
  fragment Lists_viewer on Viewer {
    counters {
      id
      version
      liveChats {
        id
        queueCount
      }
    }
    liveChats {
      id
      name
      viewerRoles
    }
  }
`);

/** The lines of the tree. What is opened and was not read is read. */
export function useRows(viewer: FragmentType<ViewerFacts>): readonly Row[] {
  const { store, changed } = useListsContext();
  const { byKey, isReading, filter } = useLists();
  const isFiltered = filter.unread || filter.waitingForReply;
  const facts = useFacts(VIEWER, viewer);
  const rows = useMemo(() => {
    const counts = new Map(facts?.counters.liveChats.map(({ id, queueCount }) => [id, queueCount]));
    const liveChats = (facts?.liveChats ?? []).map((one) => {
      return { ...one, queueCount: counts.get(one.id) ?? 0 };
    });
    return rowsOf(liveChats, changed, (key) => byKey.get(key) ?? UNLOADED, isFiltered);
  }, [facts, changed, byKey, isFiltered]);
  useEffect(() => {
    // Pages that come with the main page are not read twice.
    if (isReading) return;
    for (const row of rows) {
      if (row.kind === 'loading') void store.load(row.liveChatId, row.group);
    }
  }, [rows, store, isReading]);
  return rows;
}
