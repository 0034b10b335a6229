/** Values that a route adds to its audit log entry. They never contain a token, a secret or a claim. */
export interface AuditNote {
  readonly target: string;
  readonly organisationId: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * True for a POST route that clients call often. Its audit entries are buffered and stored after the response.
     */
    isAuditedLater?: true;
  }

  interface FastifyRequest {
    /** Values that the audit hook cannot derive from the request. The route sets them. */
    auditNote: AuditNote | undefined;
  }
}
