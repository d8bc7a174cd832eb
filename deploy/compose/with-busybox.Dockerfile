# Images that hold nothing but their program cannot be asked whether they are well; a static busybox can ask them.
ARG IMAGE
FROM busybox:1.37.0-musl AS busybox
FROM ${IMAGE}
COPY --from=busybox /bin/busybox /busybox
