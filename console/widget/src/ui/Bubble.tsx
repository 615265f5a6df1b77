import type { ComponentChildren } from 'preact';
import type { Entry } from '../dialog';
import type { Row } from '../rows';
import { useSurroundings } from './context';
import { Text } from './Text';
import { Words } from './Words';

type MessageRow = Exclude<Row, { kind: 'day' }>;

/** One message, whoever wrote it and wherever it is. */
export function Bubble({ row, problem }: { row: MessageRow; problem: string | null }) {
  const { texts, times } = useSurroundings();
  const entry = row.kind === 'entry' ? row.entry : null;
  const outgoing = row.kind === 'outgoing' ? row.outgoing : null;
  const isMine = entry?.author.viewerIsAuthor ?? true;
  const name = isMine ? texts.you : (entry?.author.name ?? '');
  const classes = ['message', isMine ? 'mine' : 'theirs', row.isFirst ? 'first' : ''];
  return (
    <li class={classes.join(' ')}>
      <span class={isMine || !row.isFirst ? 'hidden' : 'author'} dir="auto">
        <Words>{name}</Words>
      </span>
      <div class="bubble">
        {entry?.replyTo && <Quote quoted={entry.replyTo} />}
        {entry?.attachments.map((file) => (
          <File key={file.id} file={file} />
        ))}
        {outgoing?.files?.map(({ id, name }) => (
          <div key={id} class="file" dir="auto">
            {name}
          </div>
        ))}
        <div class="text" dir="auto">
          <Text text={(entry ?? outgoing)?.text ?? ''} />
        </div>
      </div>
      {row.kind === 'outgoing' ? (
        <Fate row={row} problem={problem} />
      ) : (
        <time class="fate" dateTime={row.at.toISOString()}>
          {times.timeOf(row.at)}
        </time>
      )}
    </li>
  );
}

/** The longest side of a picture, in pixels. */
const LONGEST = 200;

function File({ file }: { file: Entry['attachments'][number] }) {
  const { chat, texts, times } = useSurroundings();
  const { id, name, size, url, thumbnailUrl, width, height } = file;
  if (url === null) {
    return (
      <div class="file" dir="auto">
        {name} · {file.state === 'REFUSED' ? texts.fileRefused : texts.filePending}
      </div>
    );
  }
  const scale = Math.min(1, LONGEST / Math.max(width ?? 1, height ?? 1));
  return (
    <a
      class="file"
      href={url}
      target="_blank"
      rel="noreferrer noopener"
      dir="auto"
      onClick={(event) => {
        if (thumbnailUrl === null || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        chat.shown.set({ viewed: id });
      }}
    >
      {thumbnailUrl === null || width === null || height === null ? (
        <>
          {name} <span class="size">{times.sizeOf(size)}</span>
        </>
      ) : (
        <img
          src={thumbnailUrl}
          alt={name}
          width={Math.round(width * scale)}
          height={Math.round(height * scale)}
        />
      )}
    </a>
  );
}

function Quote({ quoted }: { quoted: NonNullable<Entry['replyTo']> }) {
  const { texts } = useSurroundings();
  return (
    <blockquote class="quote">
      <span class="author" dir="auto">
        {quoted.author.viewerIsAuthor ? texts.you : quoted.author.name}
      </span>
      <span class="quoted" dir="auto">
        {quoted.text}
      </span>
    </blockquote>
  );
}

/** The state of a message that is not in the dialog yet. */
function Fate({
  row,
  problem,
}: {
  row: Extract<Row, { kind: 'outgoing' }>;
  problem: string | null;
}) {
  const { chat, texts } = useSurroundings();
  const { clientMessageId, refusal } = row.outgoing;
  const code = refusal ?? problem;
  if (code === null)
    return (
      <span key="sending" class="fate sending">
        {texts.sending}
      </span>
    );
  const reason = texts.reason(code);
  return (
    <span key="failed" class="fate failed">
      <Words>{reason === null ? texts.notSent : `${texts.notSent}: ${reason}`}</Words>
      <FateButton
        onClick={() => {
          chat.retry(clientMessageId);
        }}
      >
        {texts.retry}
      </FateButton>
      {refusal !== null && (
        <FateButton
          onClick={() => {
            chat.discard(clientMessageId);
          }}
        >
          {texts.discard}
        </FateButton>
      )}
    </span>
  );
}

function FateButton(props: { onClick: () => void; children: ComponentChildren }) {
  return (
    <button type="button" class="link" onClick={props.onClick}>
      {props.children}
    </button>
  );
}
