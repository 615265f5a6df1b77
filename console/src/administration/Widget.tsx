import { Button, ColorInput, Group, SegmentedControl, Stack, Textarea } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useConfig } from '../app/service';
import { copy } from '../dialog/copy';
import { useAct } from '../error/useAct';
import type { SetLiveChatOriginsMutation } from '../generated/graphql';
import { useText } from '../language/language';
import { SET_ORIGINS } from './documents';
import { Save } from './General';
import type { Administered } from './LiveChat';
import { snippetOf, type Look } from './snippet';
import styles from './Administration.module.css';

const payloadOf = (data: SetLiveChatOriginsMutation) => data.setLiveChatOrigins;
const SIDES = ['end', 'left', 'right'] as const;

/** Shows the tag of the widget with a preview, and changes the origins that may carry it. */
export function Widget({ liveChat }: { liveChat: Administered }) {
  const text = useText();
  const config = useConfig();
  const [look, setLook] = useState<Look>({ color: '', side: 'end' });
  const snippet = snippetOf(liveChat.id, look, config, window.location.origin);
  return (
    <Stack maw={720}>
      <Group align="flex-end">
        <ColorInput
          label={text('administration.color')}
          value={look.color}
          format="hex"
          withEyeDropper={false}
          onChange={(color) => {
            setLook({ ...look, color });
          }}
        />
        <SegmentedControl
          aria-label={text('administration.side')}
          value={look.side}
          data={SIDES.map((value) => ({ value, label: text(`administration.side.${value}`) }))}
          onChange={(chosen) => {
            setLook({ ...look, side: SIDES.find((side) => side === chosen) ?? 'end' });
          }}
        />
      </Group>
      <Textarea
        label={text('administration.snippet')}
        description={text('administration.snippetHint')}
        value={snippet}
        readOnly
        autosize
        dir="ltr"
      />
      <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => copy(snippet)}>
        {text('administration.copy')}
      </Button>
      <iframe
        key={snippet}
        className={styles.preview}
        title={text('administration.widgetPreview')}
        srcDoc={`<!doctype html><meta charset="utf-8"><title>.</title>${snippet}`}
      />
      <Origins liveChat={liveChat} />
    </Stack>
  );
}

/** Changes the origins whose pages may carry the widget, one in each line; without any, all may. */
function Origins({ liveChat }: { liveChat: Administered }) {
  const text = useText();
  const kept = liveChat.origins.join('\n');
  const [lines, setLines] = useState(kept);
  const [set, setting] = useAct(SET_ORIGINS, payloadOf);
  const origins = lines.split(/\s+/).filter(Boolean);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const done = await set({ liveChatId: liveChat.id, origins });
    if (done?.liveChat != null) setLines(done.liveChat.origins.join('\n'));
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="xs">
        <Textarea
          label={text('administration.origins')}
          description={text('administration.originsHint')}
          placeholder="https://shop.example"
          value={lines}
          autosize
          minRows={2}
          maxRows={10}
          dir="ltr"
          onChange={(event) => {
            setLines(event.currentTarget.value);
          }}
        />
        <Save isBusy={setting} isSaved={origins.join('\n') === kept} />
      </Stack>
    </form>
  );
}
