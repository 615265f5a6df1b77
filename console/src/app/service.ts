import { createContext, use, useSyncExternalStore } from 'react';
import type { Connection, ConnectionState } from '../apollo/connection';

export const ServiceContext = createContext<{
  connection: Connection;
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

export function useSignOut(): () => Promise<void> {
  return useService().signOut;
}
