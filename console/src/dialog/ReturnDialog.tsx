import { Button, Group, Modal, Text, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { useAct } from '../error/useAct';
import { useText } from '../language/language';
import { RETURN, returned } from './acts';

const LONGEST = 1_000;

interface Props {
  sessionId: string;
  opened: boolean;
  onClose: () => void;
}

/** Puts the session back into the queue; what is said to it becomes a note. */
export function ReturnDialog({ sessionId, opened, onClose }: Props) {
  const text = useText();
  const field = useRef<HTMLTextAreaElement>(null);
  const [comment, setComment] = useState('');
  const [give, giving] = useAct(RETURN, returned);
  const run = async () => {
    const said = comment.trim();
    const done = await give({ sessionId, ...(said !== '' && { comment: said }) });
    if (done === undefined) return;
    setComment('');
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={text('dialog.returnTitle')}
      // The menu that opened it takes the focus back when it closes, which is after this opens.
      onEnterTransitionEnd={() => field.current?.focus()}
    >
      <Text size="sm" mb="sm">
        {text('dialog.returnHint')}
      </Text>
      <Textarea
        ref={field}
        data-autofocus
        autosize
        minRows={2}
        maxRows={8}
        maxLength={LONGEST}
        label={text('dialog.returnComment')}
        value={comment}
        onChange={(event) => {
          setComment(event.currentTarget.value);
        }}
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {text('dialog.cancel')}
        </Button>
        <Button loading={giving} onClick={run}>
          {text('dialog.return')}
        </Button>
      </Group>
    </Modal>
  );
}
