// The peer's side of the benchmark: publishes messages to followers by graphql-lambda-subscriptions, and prints its
// figures as one line of JSON.
//
//     node run.mjs --dynamo URL --sink URL --followers N --posts P
//
// P is the number of messages, each of which is posted to N followers.
import http from 'node:http';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = '1';
const AWS = require('aws-sdk');
const { makeServer, subscribe } = require('graphql-lambda-subscriptions');
const { makeExecutableSchema } = require('@graphql-tools/schema');

const { values } = parseArgs({
  options: {
    dynamo: { type: 'string' },
    sink: { type: 'string' },
    followers: { type: 'string' },
    posts: { type: 'string' },
  },
});
const [followers, messages] = [Number(values.followers), Number(values.posts)];

// As many sockets as the peer can use at once: with the SDK's 50 it is slower.
const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
const aws = {
  region: 'us-east-1',
  credentials: new AWS.Credentials('local', 'local'),
  httpOptions: { agent },
  maxRetries: 0,
};
const dynamodb = new AWS.DynamoDB({ ...aws, endpoint: values.dynamo });
const apiGatewayManagementApi = new AWS.ApiGatewayManagementApi({ ...aws, endpoint: values.sink });

const name = `peer${process.pid}`;
const tableNames = { connections: `${name}-connections`, subscriptions: `${name}-subscriptions` };
const text = (AttributeName) => ({ AttributeName, AttributeType: 'S' });
const hash = (AttributeName) => [{ AttributeName, KeyType: 'HASH' }];
await dynamodb
  .createTable({
    TableName: tableNames.subscriptions,
    AttributeDefinitions: [text('id'), text('topic')],
    KeySchema: hash('id'),
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      { IndexName: 'TopicIndex', KeySchema: hash('topic'), Projection: { ProjectionType: 'ALL' } },
    ],
  })
  .promise();

const schema = makeExecutableSchema({
  typeDefs: `
    type Message { id: ID!, seq: Int!, text: String! }
    type Query { hello: String }
    type Subscription { messages(sessionId: ID!): Message }`,
  resolvers: {
    Subscription: {
      messages: { subscribe: subscribe('DIALOG'), resolve: (event) => event.payload.message },
    },
  },
});
const server = makeServer({ dynamodb, apiGatewayManagementApi, schema, tableNames });

// The rows that its own handlers store for a subscription.
const query = 'subscription($id: ID!) { messages(sessionId: $id) { id seq text } }';
const row = (number) => ({
  id: `c${number}|1`,
  topic: 'DIALOG',
  filter: {},
  subscriptionId: '1',
  subscription: { query, variables: { id: 'session' } },
  connectionId: `c${number}`,
  connectionInitPayload: { authorization: 'Bearer token' },
  requestContext: { connectionId: `c${number}`, domainName: 'local', stage: 'dev', routeKey: '$default' },
  ttl: Math.floor(Date.now() / 1000) + 10_800,
  createdAt: Date.now(),
});
const client = new AWS.DynamoDB.DocumentClient({ service: dynamodb });
for (let first = 0; first < followers; first += 25) {
  const numbers = Array.from({ length: Math.min(25, followers - first) }, (_, index) => first + index);
  const puts = numbers.map((number) => ({ PutRequest: { Item: row(number) } }));
  const stored = await client.batchWrite({ RequestItems: { [tableNames.subscriptions]: puts } }).promise();
  if (Object.keys(stored.UnprocessedItems ?? {}).length > 0) throw new Error('a row is not stored');
}

const publish = (seq) =>
  server.publish({ topic: 'DIALOG', payload: { message: { id: `m${seq}`, seq, text: 'Hello' } } });
await publish(0);
const [began, ran] = [process.hrtime.bigint(), process.cpuUsage()];
for (let seq = 1; seq <= messages; seq += 1) await publish(seq);
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
const { user, system } = process.cpuUsage(ran);
const posts = followers * messages;
console.log(
  JSON.stringify({
    followers,
    messages,
    posts,
    seconds,
    postsPerSecond: posts / seconds,
    cpuMicrosPerPost: (user + system) / posts,
  }),
);
await dynamodb.deleteTable({ TableName: tableNames.subscriptions }).promise();
agent.destroy();
