import type { CodegenConfig } from '@graphql-codegen/cli';

/** Types of what the widget asks for; the documents are plain strings, so no parser is shipped. */
const config: CodegenConfig = {
  schema: '../schema/schema.graphql',
  documents: 'widget/src/operations.graphql',
  generates: {
    'widget/src/generated/operations.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { ID: 'string', DateTime: 'string', Version: 'string' },
        strictScalars: true,
      },
    },
  },
};

export default config;
