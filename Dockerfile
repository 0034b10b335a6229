# Builds two images. `cluster` is for roles that use servers and does not contain the embedded ClickHouse (half a gigabyte).
# `embedded` runs everything in one container:
#   docker build --target cluster -t watmeter:0.1.0 .
#   docker build --target embedded -t watmeter:0.1.0-embedded .
FROM node:24.11.1-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

# npm cannot skip a regular dependency, so this step deletes chdb. watmeter does not load chdb if CLICKHOUSE_URL is set.
FROM build AS build-cluster
RUN rm -rf node_modules/chdb node_modules/@chdb

FROM node:24.11.1-bookworm-slim AS base
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 DATA_DIR=/data
WORKDIR /app
# Docker copies the owner and the mode of this directory to a new volume.
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/dist dist
COPY --from=build /app/sql sql
COPY --from=build /app/bin bin
USER node
VOLUME /data
EXPOSE 8080
# Every role serves /health/ready. A process that stalls exits, and the restart policy starts it again.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# node receives SIGTERM directly, without a shell in between. watmeter then finishes its requests, stores events and exits.
ENTRYPOINT ["node", "bin/watmeter.cjs"]

FROM base AS embedded
COPY --from=build /app/node_modules node_modules
CMD ["start"]

FROM base AS cluster
COPY --from=build-cluster /app/node_modules node_modules
# This image has no default role. Without gateway, consumer or api, it prints the help.
CMD ["help"]
