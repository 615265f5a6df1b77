import { createContext, use, useSyncExternalStore } from 'react';
import type { Connection, ConnectionState } from '../apollo/connection';
import type { Config } from './config';

export const ServiceContext = createContext<{
  connection: Connection;
  config: Config;
  signOut: () => Promise<void>;
} | null>(null);

function useService() {
  const service = use(ServiceContext);
  if (service === null) throw new Error('There is no ServiceProvider above.');
  return service;
}

/** Returns the state of the socket. */
export function useConnection(): ConnectionState {
  const { connection } = useService();
  return useSyncExternalStore(connection.subscribe, connection.get);
}

/** Returns the addresses of the service. */
export function useConfig(): Config {
  return useService().config;
}

export function useSignOut(): () => Promise<void> {
  return useService().signOut;
}
