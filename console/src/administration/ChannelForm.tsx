import { Alert, Button, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useConfig } from '../app/service';
import { useAct } from '../error/useAct';
import type { ChannelSettingsInput, CreateChannelMutation } from '../generated/graphql';
import { useText } from '../language/language';
import { CopyField } from './CopyField';
import { CREATE_CHANNEL } from './documents';
import { useIdempotencyKey } from './useIdempotencyKey';

const payloadOf = (data: CreateChannelMutation) => data.createChannel;

const FIELDS = {
  TELEGRAM: ['botToken'],
  WHATSAPP: ['phoneNumberId', 'accessToken', 'appSecret'],
  WEBHOOK: ['replyUrl'],
} as const;
type Kind = keyof typeof FIELDS;
const KINDS = Object.keys(FIELDS) as Kind[];
const NAMES: Record<Kind, string> = {
  TELEGRAM: 'Telegram',
  WHATSAPP: 'WhatsApp',
  WEBHOOK: 'Webhook',
};
/** The fields that an administrator may leave empty. */
const OPTIONAL = ['replyUrl'];

type Values = Readonly<Record<string, string>>;

function settingsOf(kind: Kind, values: Values): ChannelSettingsInput {
  const of = (name: string) => (values[name] ?? '').trim();
  switch (kind) {
    case 'TELEGRAM':
      return { telegram: { botToken: of('botToken') } };
    case 'WHATSAPP':
      return {
        whatsApp: {
          phoneNumberId: of('phoneNumberId'),
          accessToken: of('accessToken'),
          appSecret: of('appSecret'),
        },
      };
    case 'WEBHOOK':
      return { webhook: { replyUrl: of('replyUrl') || null } };
  }
}

/** A new channel with the secret and the address that the administrator enters at the other side. */
interface Connected {
  kind: Kind;
  secret: string | null;
  inbound: string | null;
}

/** Connects a channel step by step: says where to get the credentials and where to enter the address. */
export function ChannelForm({ liveChatId, reread }: { liveChatId: string; reread: () => void }) {
  const text = useText();
  const [create, creating] = useAct(CREATE_CHANNEL, payloadOf);
  const [kind, setKind] = useState<Kind>('TELEGRAM');
  const [values, setValues] = useState<Values>({});
  const [connected, setConnected] = useState<Connected>();
  const key = useIdempotencyKey();
  const change = (name: string, value: string) => {
    key.renew();
    setValues({ ...values, [name]: value });
  };
  const name = (values.name ?? NAMES[kind]).trim();
  const isWhole = FIELDS[kind].every((field) => OPTIONAL.includes(field) || values[field]?.trim());
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const settings = settingsOf(kind, values);
    const done = await create({ liveChatId, kind, name, settings, key: key.get() });
    if (done?.channel == null) return;
    key.renew();
    const { secret } = done;
    setConnected({ kind, secret, inbound: done.channel.inboundPath });
    setValues({});
    reread();
  };
  return (
    <Stack>
      <SegmentedControl
        aria-label={text('administration.kind')}
        value={kind}
        data={KINDS.map((value) => ({ value, label: NAMES[value] }))}
        onChange={(chosen) => {
          const found = KINDS.find((one) => one === chosen);
          if (found !== undefined) setKind(found);
          setConnected(undefined);
        }}
      />
      {connected === undefined ? (
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="xs">
            <Text size="sm">{text(`administration.steps.${kind}`)}</Text>
            <TextInput
              label={text('administration.name')}
              value={values.name ?? NAMES[kind]}
              maxLength={200}
              dir="auto"
              onChange={(event) => {
                change('name', event.currentTarget.value);
              }}
            />
            {FIELDS[kind].map((field) => (
              <TextInput
                key={field}
                label={text(`administration.field.${field}`)}
                type={/Token|Secret/.test(field) ? 'password' : 'text'}
                autoComplete="off"
                value={values[field] ?? ''}
                dir="ltr"
                onChange={(event) => {
                  change(field, event.currentTarget.value);
                }}
              />
            ))}
            <Button
              type="submit"
              loading={creating}
              disabled={!isWhole || name === ''}
              style={{ alignSelf: 'flex-start' }}
            >
              {text('administration.connectNow')}
            </Button>
          </Stack>
        </form>
      ) : (
        <After connected={connected} />
      )}
    </Stack>
  );
}

/** Tells the administrator how to finish at the other side. */
function After({ connected: { kind, secret, inbound } }: { connected: Connected }) {
  const text = useText();
  const { httpUrl } = useConfig();
  return (
    <Alert color="green" variant="light" title={text('administration.connected')}>
      <Text size="sm">{text(`administration.after.${kind}`)}</Text>
      {kind !== 'TELEGRAM' && inbound !== null && (
        <CopyField label={text('administration.inbound')} value={new URL(inbound, httpUrl).href} />
      )}
      {kind !== 'TELEGRAM' && secret !== null && (
        <CopyField label={text(`administration.secretOf.${kind}`)} value={secret} />
      )}
    </Alert>
  );
}
