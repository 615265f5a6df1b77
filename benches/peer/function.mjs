// What a function of Node.js with our schema would be: graphql-js, and DynamoDB's client of version 3. In its init it
// reads one item, as ours does.
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { graphql } from 'graphql';
import http from 'node:http';
import typeDefs from '../../schema/schema.graphql';

const schema = makeExecutableSchema({ typeDefs });
const db = new DynamoDBClient({ endpoint: process.env.DYNAMODB_ENDPOINT });
await db.send(new GetItemCommand({ TableName: process.env.CORE_TABLE, Key: { pk: { S: 'T#' }, sk: { S: 'T' } } }));

const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const agent = new http.Agent({ keepAlive: true });

/** Asks the Runtime API. */
function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${runtime}${path}`, { method, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part));
      response.on('end', () => resolve({ headers: response.headers, text }));
    });
    request.on('error', reject).end(body);
  });
}

for (;;) {
  const { headers, text } = await ask('GET', '/next');
  const { query } = JSON.parse(JSON.parse(text).body);
  const body = JSON.stringify(await graphql({ schema, source: query }));
  const answer = { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
  await ask('POST', `/${headers['lambda-runtime-aws-request-id']}/response`, JSON.stringify(answer));
}
