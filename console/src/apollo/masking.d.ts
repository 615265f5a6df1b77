import type { GraphQLCodegenDataMasking } from '@apollo/client/masking';

// The generated types are masked: a component sees only what its own fragment selects.
declare module '@apollo/client' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the documented way to register them
  export interface TypeOverrides extends GraphQLCodegenDataMasking.TypeOverrides {}
}
