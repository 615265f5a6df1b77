import { Button } from '@mantine/core';
import { useAct } from '../error/useAct';
import { useText } from '../language/language';
import { GO_ONLINE, wentOnline } from './acts';

/** The way to work, for who is offline. */
export function GoOnline({ onDone }: { onDone?: () => void }) {
  const text = useText();
  const [go, going] = useAct(GO_ONLINE, wentOnline);
  return (
    <Button
      size="compact-sm"
      loading={going}
      onClick={async () => {
        if ((await go({})) !== undefined) onDone?.();
      }}
    >
      {text('composer.goOnline')}
    </Button>
  );
}
