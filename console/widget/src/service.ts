import { Failure, execute } from './api';
import type { TypedDocumentString } from './generated/operations';
import type { Token } from './token';

/** The code of a failure that says: this page gets no token, so there is no chat here. */
export const BARRED = 'BARRED';

/** Executes queries and mutations as the visitor. */
export class Service {
  constructor(
    private readonly api: string,
    private readonly token: Token,
    private readonly run: typeof execute = execute,
  ) {}

  /** Executes; when the token is not taken, once more with the next one. */
  async execute<Data, Variables>(
    document: TypedDocumentString<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const token = await this.admission();
    try {
      return await this.run(this.api, token, document, variables);
    } catch (failure) {
      if (!(failure instanceof Failure) || !isAboutToken(failure)) throw failure;
      this.token.refuse(token);
      return this.run(this.api, await this.admission(), document, variables);
    }
  }

  private async admission(): Promise<string> {
    try {
      return await this.token.get();
    } catch (failure) {
      if (failure instanceof Failure && !failure.isPassing) throw new Failure(BARRED, false);
      throw failure;
    }
  }
}

function isAboutToken(failure: Failure): boolean {
  return failure.code === 'TOKEN_EXPIRED' || failure.code === 'UNAUTHENTICATED';
}

/** Makes a failure of any thrown value. An unknown one may pass as well as any other. */
export function failureOf(thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : new Failure('INTERNAL', true);
}
