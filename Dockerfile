# One image for every service; the first argument chooses: docker run steward tickets
# Another base with Node 24 by --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=node:24.11.1-bookworm-slim

FROM ${NODE_IMAGE} AS manifests
COPY . /all
# only what decides about packages, so that the installations below are repeated only when that changes
RUN mkdir /manifests && cd /all \
 && find . -name node_modules -prune -o -name package.json -print | tar -cf - -T - | tar -xf - -C /manifests \
 && cp package-lock.json .npmrc /manifests/

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY --from=manifests /manifests/ ./
# not "npm ci": it refuses a lock file written where the registry lacks the binaries of other platforms
RUN npm install --no-save --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
RUN node node_modules/typescript/bin/tsc -b \
 && mkdir /built \
 && find libs services tools -name node_modules -prune -o -path '*/dist/*' -name '*.js' -print \
  | tar -cf - -T - | tar -xf - -C /built

FROM ${NODE_IMAGE} AS packages
WORKDIR /src
COPY --from=manifests /manifests/ ./
RUN npm install --no-save --omit=dev --workspace=services --ignore-scripts --no-audit --no-fund --loglevel=error

FROM ${NODE_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="steward" \
      org.opencontainers.image.description="Customer-service operating platform: every service, chosen by argument" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="UNLICENSED"
ENV NODE_ENV=production SERVICE_HOST=0.0.0.0 SERVICE_PORT=8080 HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=packages /src/ ./
COPY --from=build /built/ ./
COPY deploy/container/ ./
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "/app/healthcheck.mjs"]
ENTRYPOINT ["node", "/app/entry.mjs"]
