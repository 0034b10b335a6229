import type { HttpServer } from '../server.ts';

/** Registers the routes and hooks of one domain on a process's server, before the server listens. */
export type RegisterRoutes = (server: HttpServer) => Promise<void> | void;
