# Heddle in a container: docker build -t heddle . && docker compose up
FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends bubblewrap ca-certificates procps \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/heddle
COPY . .
RUN npm install --no-audit --no-fund --loglevel=error \
  && node scripts/prepare.mjs \
  && ln -s /opt/heddle/heddle /usr/local/bin/heddle \
  && install -d -o node -g node /var/lib/heddle
# A container has its own loopback: it listens everywhere in it, and the port that is published decides who reaches it.
ENV HEDDLE_HOME=/var/lib/heddle HEDDLE_LISTEN=0.0.0.0
USER node
VOLUME /var/lib/heddle
EXPOSE 8402
HEALTHCHECK --interval=10s --start-period=120s CMD ["node", "-e", "fetch('http://127.0.0.1:8402/health').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["heddle"]
CMD ["up"]
