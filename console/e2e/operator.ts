/** The work of an operator, by the same API calls as the operators' page. */
export class Operator {
  private constructor(
    private readonly origin: string,
    readonly token: string,
  ) {}

  /** A demo person, who is online. */
  static async arrive(origin: string, who: string): Promise<Operator> {
    const response = await fetch(`${origin}/dev/token?as=${who}`);
    const { token } = (await response.json()) as { token: string };
    const operator = new Operator(origin, token);
    await operator.ask('mutation { setPresence(presence: ONLINE) { userErrors { code } } }');
    return operator;
  }

  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    return ask<Data>(this.origin, this.token, query, variables);
  }

  /** Claims the queued session of a client with this name. */
  async take(name: string): Promise<string> {
    const query = `{ viewer { liveChats { sessions(group: QUEUE, first: 100) { nodes { id name } } } } }`;
    const waiting = async () => {
      const { viewer } = await this.ask<Queues>(query);
      const queued = viewer.liveChats.flatMap(({ sessions }) => sessions.nodes);
      return queued.find((one) => one.name === name)?.id;
    };
    const id = await eventually(waiting, `the session of ${name}`);
    await this.ask('mutation($id: ID!) { claimSession(sessionId: $id) { userErrors { code } } }', {
      id,
    });
    return id;
  }

  async send(sessionId: string, text: string, replyToId: string | null = null): Promise<void> {
    const query = `mutation($sessionId: ID!, $text: String!, $id: String!, $replyToId: ID) {
      sendMessage(sessionId: $sessionId, text: $text, clientMessageId: $id, replyToId: $replyToId) {
        userErrors { code }
      }
    }`;
    const id = crypto.randomUUID();
    await eventually(async () => {
      const variables = { sessionId, text, id, replyToId };
      const { sendMessage } = await this.ask<{ sendMessage: Act }>(query, variables);
      return sendMessage.userErrors.length === 0 || undefined;
    }, `that "${text}" is taken`);
  }

  /** Reads how far the answers in a dialog have come, in order. */
  async deliveries(sessionId: string): Promise<string[]> {
    const query = `query($id: ID!) { viewer { session(id: $id) {
      messages(last: 100) { nodes { delivery { state } } }
    } } }`;
    const { viewer } = await this.ask<Deliveries>(query, { id: sessionId });
    return viewer.session.messages.nodes.flatMap(({ delivery }) => delivery?.state ?? []);
  }

  async type(sessionId: string): Promise<void> {
    await this.ask('mutation($id: ID!) { setTyping(sessionId: $id) { userErrors { code } } }', {
      id: sessionId,
    });
  }

  /** Reads the messages of the client and the operators, in order. */
  async messages(sessionId: string): Promise<{ id: string; text: string }[]> {
    const query = `query($id: ID!) { viewer { session(id: $id) {
      messages(last: 100) { nodes { id kind text } }
    } } }`;
    const { viewer } = await this.ask<Dialog>(query, { id: sessionId });
    return viewer.session.messages.nodes.filter(
      ({ kind }) => kind === 'CLIENT' || kind === 'OPERATOR',
    );
  }
}

/** The fields that every payload has. */
export interface Act {
  userErrors: { code: string }[];
}

interface Queues {
  viewer: { liveChats: { sessions: { nodes: { id: string; name: string }[] } }[] };
}

interface Deliveries {
  viewer: { session: { messages: { nodes: { delivery: { state: string } | null }[] } } };
}

interface Dialog {
  viewer: { session: { messages: { nodes: { id: string; kind: string; text: string }[] } } };
}

/** Asks the API; whatever it finds wrong with the request fails the test. */
export async function ask<Data>(
  origin: string,
  token: string,
  query: string,
  variables: object = {},
): Promise<Data> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: object[] };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** Tries until there is something, for 20 seconds at most. */
export async function eventually<Result>(
  attempt: () => Promise<Result | undefined>,
  what: string,
): Promise<Result> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
