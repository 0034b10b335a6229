import type { HttpServer } from '../server.ts';

/** Registers the routes and hooks of a domain on the server of a process, before the server listens. */
export type RegisterRoutes = (server: HttpServer) => Promise<void> | void;
