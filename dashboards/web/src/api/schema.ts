// Generated from docs/reference/openapi.json by `npm run docs`. Do not edit it.
export interface paths {
  "/api/v1/wat/sessionToken": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["Exchange"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["WebSession"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/wat/session/redeem": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["Redemption"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["WebSession"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/wat/session/claims": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["SessionClaims"];
          };
        };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/wat/session/renew": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["RenewedSession"];
          };
        };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/.well-known/jwks.json": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["JwkSet"];
          };
        };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/wat/session": {
    "get": {
      "parameters": {
        "query"?: {
          "count"?: string;
        };
        "path"?: never;
        "header"?: {
          "sec-fetch-mode"?: string;
          "x-wat-answer"?: string;
        };
        "cookie"?: never;
      };
      "responses": {
        200: { content?: never };
        204: { content?: never };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "delete": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        204: { content?: never };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/web-access-tokens/configurations": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ConfigurationList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: {
          "format"?: "json" | "pub";
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["NewConfiguration"];
        };
      };
      "responses": {
        201: {
          "content": {
            "application/json": components['schemas']["KeyedConfiguration"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/web-access-tokens/configurations/{id}/rotate": {
    "post": {
      "parameters": {
        "query"?: {
          "format"?: "json" | "pub";
        };
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["KeyRotation"];
        };
      };
      "responses": {
        201: {
          "content": {
            "application/json": components['schemas']["KeyedConfiguration"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        409: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/web-access-tokens/configurations/{id}/keys": {
    "get": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["AcceptedKeyList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/web-access-tokens/configurations/{id}": {
    "get": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["Configuration"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "delete": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        204: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "patch": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["ConfigurationChange"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["Configuration"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/web-access-tokens/generate": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["NewToken"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["GeneratedToken"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        422: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/web-access-tokens/test": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["TokenToTest"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["TokenTest"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/auth/token": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["TokenRequest"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["RequestedToken"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        409: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        422: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/auth/token/revoke": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["NewRevocation"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["Revocation"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/auth/revocations": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["RevocationList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/auth/revocations/{id}": {
    "delete": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        204: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/directory/subjects": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["SubjectList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["NewSubjects"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["DirectoryRegistered"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/directory/subjects/delete": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["DirectoryDeletion"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["DirectoryDeleted"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/directory/subjects/{id}": {
    "delete": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        204: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/directory/resources": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ResourceList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["NewResources"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["DirectoryRegistered"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/directory/resources/delete": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["DirectoryDeletion"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["DirectoryDeleted"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/directory/resources/{id}": {
    "delete": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        204: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/summary": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
          "tag"?: (string)[];
          "match"?: "any" | "all";
          "untagged"?: boolean;
          "measures"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["Usage"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/configurations": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
          "tag"?: (string)[];
          "match"?: "any" | "all";
          "untagged"?: boolean;
          "from"?: string;
          "to"?: string;
          "range"?: "today" | "yesterday" | "last7days" | "last28days" | "last91days" | "thisMonth" | "lastMonth" | "thisQuarter" | "lastQuarter" | "thisYear" | "lastYear" | "last12months" | "all";
          "compare"?: "previous" | "previousYear";
          "fair"?: "weekday" | "elapsed";
          "measures"?: string;
          "sort"?: "-total" | "total" | "name" | "-today" | "today" | "-lastUsed" | "lastUsed" | "-sessions" | "sessions" | "-change" | "change";
          "q"?: string;
          "limit"?: number;
          "cursor"?: string;
          "format"?: "json" | "csv" | "jsonl" | "xlsx";
          "excel"?: boolean;
          "csv"?: "safe" | "raw";
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageByConfiguration"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        410: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/tags": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
          "tag"?: (string)[];
          "match"?: "any" | "all";
          "untagged"?: boolean;
          "from"?: string;
          "to"?: string;
          "range"?: "today" | "yesterday" | "last7days" | "last28days" | "last91days" | "thisMonth" | "lastMonth" | "thisQuarter" | "lastQuarter" | "thisYear" | "lastYear" | "last12months" | "all";
          "compare"?: "previous" | "previousYear";
          "fair"?: "weekday" | "elapsed";
          "measures"?: string;
          "sort"?: "-total" | "total" | "name" | "-today" | "today" | "-lastUsed" | "lastUsed" | "-sessions" | "sessions" | "-change" | "change";
          "q"?: string;
          "limit"?: number;
          "cursor"?: string;
          "format"?: "json" | "csv" | "jsonl" | "xlsx";
          "excel"?: boolean;
          "csv"?: "safe" | "raw";
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageByTag"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        410: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/tags/{tag}": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
        };
        "path": {
          "tag": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageOfOneTag"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/web-access-tokens/configurations/{id}/usage": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
        };
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageWindow"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/series": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
          "tag"?: (string)[];
          "match"?: "any" | "all";
          "untagged"?: boolean;
          "from"?: string;
          "to"?: string;
          "range"?: "today" | "yesterday" | "last7days" | "last28days" | "last91days" | "thisMonth" | "lastMonth" | "thisQuarter" | "lastQuarter" | "thisYear" | "lastYear" | "last12months" | "all";
          "granularity"?: "quarterHour" | "hour" | "day" | "week" | "month" | "quarter" | "year";
          "groupBy"?: "none" | "configuration" | "tag" | "organisation";
          "top"?: number;
          "compare"?: "previous" | "previousYear";
          "fair"?: "weekday" | "elapsed";
          "measures"?: string;
          "format"?: "json" | "csv" | "jsonl" | "xlsx";
          "excel"?: boolean;
          "csv"?: "safe" | "raw";
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageSeries"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        422: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/heatmap": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
          "tag"?: (string)[];
          "match"?: "any" | "all";
          "untagged"?: boolean;
          "from"?: string;
          "to"?: string;
          "range"?: "today" | "yesterday" | "last7days" | "last28days" | "last91days" | "thisMonth" | "lastMonth" | "thisQuarter" | "lastQuarter" | "thisYear" | "lastYear" | "last12months" | "all";
          "format"?: "json" | "csv" | "jsonl" | "xlsx";
          "excel"?: boolean;
          "csv"?: "safe" | "raw";
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageHeatmap"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/sessions": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
          "tag"?: (string)[];
          "match"?: "any" | "all";
          "untagged"?: boolean;
          "from"?: string;
          "to"?: string;
          "range"?: "today" | "yesterday" | "last7days" | "last28days" | "last91days" | "thisMonth" | "lastMonth" | "thisQuarter" | "lastQuarter" | "thisYear" | "lastYear" | "last12months" | "all";
          "limit"?: number;
          "cursor"?: string;
          "format"?: "json" | "csv" | "jsonl" | "xlsx";
          "excel"?: boolean;
          "csv"?: "safe" | "raw";
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageSessions"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/dormant": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "days"?: number;
          "kind"?: "configuration" | "tag";
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["DormantUsage"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/explain": {
    "get": {
      "parameters": {
        "query"?: {
          "timeZone"?: string;
          "configurationId"?: (string)[];
          "tag"?: (string)[];
          "match"?: "any" | "all";
          "untagged"?: boolean;
          "from"?: string;
          "to"?: string;
          "range"?: "today" | "yesterday" | "last7days" | "last28days" | "last91days" | "thisMonth" | "lastMonth" | "thisQuarter" | "lastQuarter" | "thisYear" | "lastYear" | "last12months" | "all";
          "compare"?: "previous" | "previousYear";
          "fair"?: "weekday" | "elapsed";
          "granularity"?: "quarterHour" | "hour" | "day" | "week" | "month" | "quarter" | "year";
          "groupBy"?: "none" | "configuration" | "tag" | "organisation";
          "raw"?: boolean;
          "measures"?: string;
          "top"?: number;
          "sort"?: string;
          "q"?: string;
          "limit"?: number;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UsageExplanation"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        422: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/live": {
    "get": {
      "parameters": {
        "query"?: {
          "configurationId"?: (string)[];
          "seconds"?: number;
        };
        "path"?: never;
        "header"?: {
          "last-event-id"?: string;
        };
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "text/event-stream": string;
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/time-zones": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["TimeZones"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/viewers/forget": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ForgetRequestList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["ViewerToForget"];
        };
      };
      "responses": {
        202: {
          "content": {
            "application/json": components['schemas']["ForgottenViewer"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/retention": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["RetentionStatus"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/ui/session": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["UiSession"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["SignIn"];
        };
      };
      "responses": {
        201: {
          "content": {
            "application/json": components['schemas']["UiSession"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "delete": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        204: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/api-tokens": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ApiTokenList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["NewApiToken"];
        };
      };
      "responses": {
        201: {
          "content": {
            "application/json": components['schemas']["ApiToken"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        409: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        422: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/api-tokens/{id}": {
    "get": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ApiToken"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "patch": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["ApiTokenChange"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ApiToken"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        409: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        422: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/api-tokens/{id}/log": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ApiTokenLog"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/api-tokens/{id}/generate": {
    "post": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["GeneratedApiToken"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        409: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/api-tokens/{id}/revoke": {
    "post": {
      "parameters": {
        "query"?: never;
        "path": {
          "id": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ApiToken"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/organisations": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["OrganisationList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["NewOrganisation"];
        };
      };
      "responses": {
        201: {
          "content": {
            "application/json": components['schemas']["Organisation"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        409: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/audit": {
    "get": {
      "parameters": {
        "query"?: {
          "actor"?: string;
          "action"?: string;
          "target"?: string;
          "result"?: "STARTED" | "OK" | "FAIL";
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["AuditLog"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/refusals": {
    "get": {
      "parameters": {
        "query"?: {
          "limit"?: number;
          "cursor"?: string;
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["RefusalList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/integrity": {
    "get": {
      "parameters": {
        "query"?: {
          "depth"?: "ledger" | "full";
        };
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["IntegrityReport"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/gateways": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["GatewayList"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/gateways/retire": {
    "post": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["GatewayRetirement"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["RetiredGateways"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/usage/imports/{digest}": {
    "get": {
      "parameters": {
        "query"?: never;
        "path": {
          "digest": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ImportState"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
    "post": {
      "parameters": {
        "query"?: never;
        "path": {
          "digest": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/json": components['schemas']["ImportRequest"];
        };
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["ImportResult"];
          };
        };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        409: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        422: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/api/v1/openapi.json": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: {
          "if-none-match"?: string;
        };
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": {
              "openapi": string;
              "info": {
                "title": string;
                "version": string;
              };
              "paths": Record<string, unknown>;
            };
          };
        };
        304: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/health/live": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["Liveness"];
          };
        };
        503: {
          "content": {
            "application/json": components['schemas']["Liveness"];
          };
        };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/health/ready": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "application/json": components['schemas']["Readiness"];
          };
        };
        503: {
          "content": {
            "application/json": components['schemas']["Readiness"];
          };
        };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/metrics": {
    "get": {
      "parameters": {
        "query"?: never;
        "path"?: never;
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        200: {
          "content": {
            "text/plain": string;
          };
        };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/wat/{token}/{path}": {
    "get": {
      "parameters": {
        "query"?: never;
        "path": {
          "token": string;
          "path": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "responses": {
        303: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        414: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
  "/wat/{path}": {
    "post": {
      "parameters": {
        "query"?: never;
        "path": {
          "path": string;
        };
        "header"?: never;
        "cookie"?: never;
      };
      "requestBody": {
        "content": {
          "application/x-www-form-urlencoded": components['schemas']["LinkForm"];
        };
      };
      "responses": {
        303: { content?: never };
        400: { content: { "application/problem+json": { code?: string; detail?: string } } };
        401: { content: { "application/problem+json": { code?: string; detail?: string } } };
        403: { content: { "application/problem+json": { code?: string; detail?: string } } };
        404: { content: { "application/problem+json": { code?: string; detail?: string } } };
        413: { content: { "application/problem+json": { code?: string; detail?: string } } };
        414: { content: { "application/problem+json": { code?: string; detail?: string } } };
        415: { content: { "application/problem+json": { code?: string; detail?: string } } };
        429: { content: { "application/problem+json": { code?: string; detail?: string } } };
        503: { content: { "application/problem+json": { code?: string; detail?: string } } };
        "default": { content: { "application/problem+json": { code?: string; detail?: string } } };
      };
    };
  };
}
export interface components { schemas: {
  "Problem": {
    "type": string;
    "title": string;
    "status": number;
    "code": "invalid_json" | "invalid_utf8" | "invalid_request" | "invalid_cursor" | "bad_request" | "not_found" | "method_not_allowed" | "payload_too_large" | "uri_too_long" | "unsupported_media_type" | "expectation_failed" | "rate_limited" | "headers_too_large" | "request_timeout" | "metrics_not_allowed" | "name_taken" | "workbook_too_large" | "control_store_unavailable" | "stopping" | "internal_error" | "token_invalid" | "token_not_yet_valid" | "token_expired" | "token_revoked" | "link_path_invalid" | "link_target_missing" | "prefetch_refused" | "not_a_page_load" | "link_unconfirmed" | "cross_site_frame" | "resource_not_granted" | "claims_budget_exceeded" | "code_invalid" | "session_invalid" | "configuration_not_found" | "configuration_disabled" | "too_many_keys" | "web_access_token_not_found" | "revocation_not_found" | "payload_invalid" | "invalid_public_key" | "invalid_time_zone" | "usage_unavailable" | "usage_busy" | "query_timeout" | "query_too_large" | "not_retained" | "too_many_points" | "too_many_live_clients" | "cursor_expired" | "unauthenticated" | "insufficient_scope" | "all_organisations_needed" | "cross_origin" | "organisation_not_found" | "api_token_not_found" | "api_token_revoked" | "bound_token_scopes" | "journal_unavailable" | "import_invalid" | "import_gap" | "import_busy";
    "detail": string;
    "errors"?: ({
      "path": string;
      "message": string;
    })[];
    "moreErrors"?: number;
    "findings"?: (Record<string, unknown>)[];
    "next"?: number;
  };
  "Exchange": {
    "webAccessToken": string;
  };
  "WebSession": {
    "sessionId": string;
    "initialiser": string;
    "initializer": string;
    "webSessionToken": string;
    "expiresAt": string;
  };
  "Redemption": {
    "code": string;
  };
  "SessionClaims": {
    "sessionId": string;
    "subject": string;
    "configurationId": string;
    "organisationId": string;
    "grants": unknown;
    "lng": unknown;
    "loc": unknown;
    "thm": unknown;
    "tags": (string)[];
    "expiresAt": string;
  };
  "RenewedSession": {
    "sessionId": string;
    "initialiser"?: string;
    "initializer"?: string;
    "webSessionToken"?: string;
    "expiresAt": string;
  };
  "JwkSet": {
    "keys": ({
      "kty": string;
      "crv": string;
      "x": string;
      "kid": string;
      "alg": string;
      "use": string;
    })[];
  };
  "NewConfiguration": {
    "name": string;
  };
  "KeyedConfiguration": {
    "id": string;
    "name": string;
    "enabled": boolean;
    "createdAt": string;
    "publicKey": string;
  };
  "Configuration": {
    "id": string;
    "name": string;
    "enabled": boolean;
    "createdAt": string;
  };
  "ConfigurationList": {
    "items": (components['schemas']["Configuration"])[];
    "nextCursor": string | null;
  };
  "KeyRotation": {
    "acceptOldUntil": string;
  };
  "AcceptedKey": {
    "createdAt": string;
    "acceptedUntil": string | null;
  };
  "AcceptedKeyList": {
    "items": (components['schemas']["AcceptedKey"])[];
  };
  "ConfigurationChange": {
    "name"?: string;
    "enabled"?: boolean;
  };
  "Grants": {
    "res"?: (string)[] | null;
    "flt"?: ({
      "jaql": Record<string, unknown>;
    })[] | null;
    "acl"?: ({
      "dataSourceTitle": string;
      "table": string;
      "column": string;
      "datatype"?: string | null;
      "members"?: (string | number | boolean)[] | null;
      "exclusionary"?: boolean | null;
      "allMembers"?: boolean | null;
    })[] | null;
    "prm"?: ("filter" | "export")[] | {
      "filter"?: boolean | null;
      "export"?: boolean | null;
    } | null;
  } | null;
  "WebAccessTokenClaims": {
    "sub": string;
    "exp"?: number | null;
    "nbf"?: number | null;
    "iat"?: number | null;
    "iss"?: string | null;
    "lng"?: "zh-CN" | "nl-NL" | "en-US" | "fr-FR" | "de-DE" | "it-IT" | "ja-JP" | "ko-KR" | "pt-BR" | "ru-RU" | "es-AR" | "es-ES" | "tr-TR" | null;
    "loc"?: "zh-CN" | "nl-NL" | "en-US" | "fr-FR" | "de-DE" | "it-IT" | "ja-JP" | "ko-KR" | "pt-BR" | "ru-RU" | "es-AR" | "es-ES" | "tr-TR" | null;
    "thm"?: string | null;
    "trc"?: (string)[] | null;
    "grants"?: components['schemas']["Grants"];
  };
  "NewToken": {
    "configurationId": string;
    "publicKey": string;
    "payload": components['schemas']["WebAccessTokenClaims"];
  };
  "Finding": {
    "level": "structure" | "logic" | "data";
    "path": string;
    "severity": "error" | "warning" | "info";
    "message": string;
    "fix": string;
  };
  "GeneratedToken": {
    "token": string;
    "findings": (components['schemas']["Finding"])[];
  };
  "TokenToTest": {
    "token": string;
  };
  "TokenTest": {
    "valid": boolean;
    "header": unknown;
    "payload": unknown;
    "findings": (components['schemas']["Finding"])[];
  };
  "TokenRequest": {
    "configurationId": string;
    "sub": string;
    "validityTimeInSec"?: number;
    "grants"?: components['schemas']["Grants"];
    "trc"?: (string)[] | null;
    "lng"?: "zh-CN" | "nl-NL" | "en-US" | "fr-FR" | "de-DE" | "it-IT" | "ja-JP" | "ko-KR" | "pt-BR" | "ru-RU" | "es-AR" | "es-ES" | "tr-TR" | null;
    "loc"?: "zh-CN" | "nl-NL" | "en-US" | "fr-FR" | "de-DE" | "it-IT" | "ja-JP" | "ko-KR" | "pt-BR" | "ru-RU" | "es-AR" | "es-ES" | "tr-TR" | null;
    "thm"?: string | null;
  };
  "RequestedToken": {
    "token": string;
    "creationTime": string;
    "expirationTime": string;
    "validForSubject": string;
    "configurationId": string;
    "organisationId": string;
  };
  "NewRevocation": {
    "token"?: string;
    "configurationId"?: string;
    "sub"?: string;
    "endSessions"?: boolean;
    "until"?: string;
  };
  "Revocation": {
    "revokedAt": string;
    "warnings"?: (string)[];
  };
  "ListedRevocation": {
    "id": string;
    "kind": string;
    "configurationId": string;
    "organisationId": string;
    "subject": string | null;
    "revokedAt": string;
    "until": string | null;
    "endSessions": boolean;
    "revokedBy": string | null;
  };
  "RevocationList": {
    "items": (components['schemas']["ListedRevocation"])[];
    "nextCursor": string | null;
  };
  "Subject": {
    "id": string;
  };
  "SubjectList": {
    "items": (components['schemas']["Subject"])[];
    "nextCursor": string | null;
  };
  "NewSubjects": {
    "items": (components['schemas']["Subject"])[];
  };
  "DirectoryRegistered": {
    "upserted": number;
  };
  "DirectoryDeletion": {
    "ids": (string)[];
  };
  "DirectoryDeleted": {
    "deleted": number;
  };
  "Resource": {
    "id": string;
    "dataSources"?: (string)[];
  };
  "ResourceList": {
    "items": (components['schemas']["Resource"])[];
    "nextCursor": string | null;
  };
  "NewResources": {
    "items": (components['schemas']["Resource"])[];
  };
  "Usage": {
    "timeZone": string;
    "dayStart": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "tagBudgetExceeded"?: true;
    "lastUsed": string | null;
    "today": number;
    "total": number;
    "approximate"?: boolean;
    "uniqueViewers"?: number;
  };
  "UsageComparison": {
    "with": string;
    "fair": string;
    "from": string;
    "to": string;
  };
  "UsageOfConfiguration": {
    "configurationId": string;
    "name": string;
    "deletedAt": string | null;
    "lastUsed": string | null;
    "today": number;
    "total": number;
    "sessions"?: number;
    "previousSessions"?: number;
    "change"?: number;
    "uniqueViewers"?: number;
  };
  "UsageByConfiguration": {
    "timeZone": string;
    "dayStart": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "from"?: string;
    "to"?: string;
    "compare"?: components['schemas']["UsageComparison"];
    "tagBudgetExceeded"?: true;
    "approximate"?: boolean;
    "items": (components['schemas']["UsageOfConfiguration"])[];
    "nextCursor": string | null;
  };
  "UsageOfTag": {
    "tag": string | null;
    "lastUsed": string | null;
    "today": number;
    "total": number;
    "sessions"?: number;
    "previousSessions"?: number;
    "change"?: number;
    "uniqueViewers"?: number;
  };
  "UsageByTag": {
    "timeZone": string;
    "dayStart": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "from"?: string;
    "to"?: string;
    "compare"?: components['schemas']["UsageComparison"];
    "tagBudgetExceeded"?: true;
    "approximate"?: boolean;
    "distinctSessions": number;
    "items": (components['schemas']["UsageOfTag"])[];
    "nextCursor": string | null;
  };
  "UsageOfOneTag": {
    "tag": string;
    "timeZone": string;
    "dayStart": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "tagBudgetExceeded"?: true;
    "lastUsed": string | null;
    "today": number;
    "total": number;
  };
  "UsageWindow": {
    "configurationId": string;
    "name": string;
    "timeZone": string;
    "dayStart": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "tagBudgetExceeded"?: true;
    "lastUsed": string | null;
    "today": number;
    "total": number;
  };
  "UsageBucket": {
    "start": string;
    "end": string;
    "sessions": number;
    "uniqueViewers"?: number;
  };
  "UsageSeriesOfKey": {
    "key": string | null;
    "isOther": boolean;
    "sessions": number;
    "uniqueViewers"?: number;
    "lastUsed"?: string | null;
    "buckets": (components['schemas']["UsageBucket"])[];
    "previous"?: (components['schemas']["UsageBucket"])[];
    "previousSessions"?: number;
  };
  "UsageSeries": {
    "timeZone": string;
    "granularity": string;
    "from": string;
    "to": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "compare"?: components['schemas']["UsageComparison"];
    "tagBudgetExceeded"?: true;
    "approximate"?: boolean;
    "distinctSessions"?: number;
    "series": (components['schemas']["UsageSeriesOfKey"])[];
  };
  "UsageOfWeekday": {
    "weekday": number;
    "hours": (number)[];
  };
  "UsageHeatmap": {
    "timeZone": string;
    "from": string;
    "to": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "sessions": number;
    "weekdays": (components['schemas']["UsageOfWeekday"])[];
  };
  "UsageSession": {
    "id": string;
    "time": string;
    "configurationId": string;
    "tags": (string)[];
    "viewer": string;
    "imported": boolean;
    "organisationId"?: string;
    "producer"?: string;
  };
  "UsageSessions": {
    "timeZone": string;
    "from": string;
    "to": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "items": (components['schemas']["UsageSession"])[];
    "nextCursor": string | null;
  };
  "UsagePattern": {
    "every": "week" | "twoWeeks" | "month" | "quarter" | "halfYear" | "year";
    "occasions": number;
    "lastOccasion": string;
    "nextExpected": string;
    "missed": number;
  };
  "DormantKey": {
    "kind": "configuration" | "tag";
    "key": string;
    "name": string;
    "lastUsed": string | null;
    "total": number;
    "pattern": components['schemas']["UsagePattern"] | null;
  };
  "DormantUsage": {
    "timeZone": string;
    "dayStart": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "since": string;
    "items": (components['schemas']["DormantKey"])[];
    "nextCursor": string | null;
  };
  "ExplainedCount": {
    "of": string;
    "from": string;
    "to": string;
    "sessions": number;
    "rawSessions"?: number;
  };
  "ExplainedCalendar": {
    "days": number;
    "unusualDays": ({
      "date": string;
      "hours": number;
      "from": string;
      "to": string;
    })[];
    "clockChanges": ({
      "at": string;
      "offsetBefore": string;
      "offsetAfter": string;
    })[];
  };
  "ExplainedStep": {
    "of": string;
    "grain": string;
    "resolution": string;
    "windows": ({
      "from": string;
      "to": string;
    })[];
    "moreWindows": number;
  };
  "ExplainedDelivery": {
    "producers": ({
      "producer": string;
      "rows": number;
      "imported": boolean;
    })[];
    "duplicatesDropped": number | null;
    "deadLetters": number;
    "deadLettersInRange": number;
  };
  "UsageExplanation": {
    "timeZone": string;
    "from": string;
    "to": string;
    "completeThrough": string | null;
    "provisional": boolean | null;
    "lagMs": number | null;
    "unwatchedProducers"?: number;
    "counts": (components['schemas']["ExplainedCount"])[];
    "agrees"?: boolean;
    "calendar": components['schemas']["ExplainedCalendar"];
    "buckets": number;
    "steps": (components['schemas']["ExplainedStep"])[];
    "rowsRead": number;
    "sampleSessionIds": (string)[];
    "delivery"?: components['schemas']["ExplainedDelivery"];
  };
  "TimeZone": {
    "name": string;
    "aliases": (string)[];
    "offset": string;
    "countries": (string)[];
  };
  "TimeZones": {
    "tzdata": string;
    "items": (components['schemas']["TimeZone"])[];
  };
  "ViewerToForget": {
    "organisationId"?: string;
    "subject": string;
  };
  "ForgottenViewer": {
    "id": string;
    "organisationId": string;
    "requestedAt": string;
    "state": string;
    "goneBy": string;
    "deleted": {
      "directoryEntries": number;
      "revocations": number;
      "storedClaims": number;
    };
  };
  "ForgetRequest": {
    "id": string;
    "organisationId": string;
    "requestedAt": string;
    "state": string;
    "goneBy": string;
  };
  "ForgetRequestList": {
    "items": (components['schemas']["ForgetRequest"])[];
    "nextCursor": string | null;
  };
  "RetentionStatus": {
    "retentionSeconds": number | null;
    "retainedFrom": string | null;
    "months": ({
      "month": string;
      "state": string;
      "sessions": number;
      "isDue": boolean;
    })[];
  };
  "SignIn": {
    "token": string;
  };
  "UiSession": {
    "tokenName": string;
    "scopes": (string)[];
    "expiresAt": string;
  };
  "ApiToken": {
    "id": string;
    "name": string;
    "scopes": (string)[];
    "organisationId": string | null;
    "configurationIds": (string)[] | null;
    "expiresIn": string;
    "status": string;
    "createdAt": string;
    "generatedAt": string | null;
    "expiresAt": string | null;
    "lastUsedAt": string | null;
  };
  "ApiTokenList": {
    "items": (components['schemas']["ApiToken"])[];
    "nextCursor": string | null;
  };
  "NewApiToken": {
    "name": string;
    "scopes": ("tokens:read" | "tokens:write" | "tokens:request" | "usage:read" | "ops" | "ops:write" | "admin")[];
    "expiresIn": "1d" | "7d" | "30d" | "60d" | "90d" | "1y" | "never";
    "configurationIds"?: (string)[];
    "organisationId"?: string | null;
  };
  "ApiTokenChange": {
    "name"?: string;
    "scopes"?: ("tokens:read" | "tokens:write" | "tokens:request" | "usage:read" | "ops" | "ops:write" | "admin")[];
    "expiresIn"?: "1d" | "7d" | "30d" | "60d" | "90d" | "1y" | "never";
  };
  "ApiTokenActivity": {
    "tokenName": string;
    "activity": string;
    "activityOn": string;
    "activityBy": string;
    "authenticationResult": string | null;
  };
  "ApiTokenLog": {
    "items": (components['schemas']["ApiTokenActivity"])[];
    "nextCursor": string | null;
  };
  "GeneratedApiToken": {
    "token": string;
    "expiresAt": string | null;
    "status": string;
  };
  "NewOrganisation": {
    "name": string;
  };
  "Organisation": {
    "id": string;
    "name": string;
    "createdAt": string;
  };
  "OrganisationList": {
    "items": (components['schemas']["Organisation"])[];
    "nextCursor": string | null;
  };
  "AuditEntry": {
    "id": string;
    "at": string;
    "actor": string;
    "action": string;
    "target": string;
    "result": string;
    "organisationId": string | null;
    "details": Record<string, unknown>;
  };
  "AuditLog": {
    "items": (components['schemas']["AuditEntry"])[];
    "nextCursor": string | null;
  };
  "Refusals": {
    "day": string;
    "configurationId": string;
    "reason": string;
    "refusals": number;
    "lastAt": string;
  };
  "RefusalList": {
    "items": (components['schemas']["Refusals"])[];
    "nextCursor": string | null;
  };
  "IntegrityFindings": {
    "holes": ({
      "producer": string;
      "partition": number;
      "first": number;
      "last": number;
      "inJournal": boolean;
    })[];
    "doubledEvents": ({
      "producer": string;
      "partition": number;
      "sequence": number;
      "rows": number;
      "months": (number)[];
    })[];
    "doubledSessions": ({
      "events": ({
        "producer": string;
        "partition": number;
        "sequence": number;
      })[];
    })[];
    "differingRows": ({
      "producer": string;
      "partition": number;
      "sequence": number;
      "members": (string)[];
    })[];
    "driftedProjections": ({
      "projection": string;
      "month": number;
      "sessionsByRows": number;
      "sessionsByProjection": number;
    })[];
    "isCutShort": boolean;
  };
  "IntegrityReport": {
    "exact": boolean;
    "depth": string;
    "checkedAt": string;
    "journals": (string)[];
    "totals": {
      "accepted": number;
      "stored": number;
      "deadLettered": number;
      "waiting": number;
      "missing": number;
      "surplus": number;
    };
    "namelessLetters": number;
    "streams": ({
      "producer": string;
      "partition": number;
      "accepted": number;
      "stored": number;
      "deadLettered": number;
      "waiting": number;
      "missing": number;
      "surplus": number;
    })[];
    "findings": components['schemas']["IntegrityFindings"];
    "gateways": ({
      "producer": string;
      "gateway": string | null;
      "state": string;
      "completeThrough": string | null;
    })[];
  };
  "GatewayList": {
    "completeThrough": string | null;
    "gateways": ({
      "producer": string;
      "gateway": string | null;
      "state": string;
      "completeThrough": string | null;
    })[];
  };
  "GatewayRetirement": {
    "name"?: string;
    "legacy"?: true;
  };
  "RetiredGateways": {
    "retired": (string)[];
  };
  "ImportState": {
    "producer": string;
    "next": number;
    "stored": number;
  };
  "ImportedSession": {
    "time": string;
    "configurationId": string;
    "tags"?: (string)[];
    "viewer"?: string;
    "sessionId"?: string;
  };
  "ImportRequest": {
    "first": number;
    "sessions": (components['schemas']["ImportedSession"])[];
    "dryRun"?: boolean;
  };
  "ImportResult": {
    "producer": string;
    "next": number;
    "stored": number;
    "alreadyStored": number;
  };
  "Liveness": {
    "status": string;
  };
  "Readiness": {
    "status": string;
    "parts"?: ({
      "name": string;
      "trouble": string | null;
      "since": string | null;
    })[];
    "tzdata"?: string;
  };
  "LinkForm": {
    "wat": string;
  };
} }
