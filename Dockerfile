# Static binary, no shell, not root.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /rondo ./app && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /rondo /rondo
COPY --from=build --chown=65532:65532 /data /data
WORKDIR /data
USER 65532:65532
ENV RONDO_LISTEN=:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/rondo", "healthcheck"]
ENTRYPOINT ["/rondo"]
CMD ["serve"]
