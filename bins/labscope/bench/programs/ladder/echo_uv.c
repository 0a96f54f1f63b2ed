/* An echo server on libuv: one loop, callbacks, a buffer for each message that is on its way back. */
#include <stdlib.h>
#include <uv.h>

#define PORTNUM 3600
#define MAXLINE 1024

struct reply
{
    uv_write_t request;
    char *buf;
};

static void closed(uv_handle_t *client)
{
    free(client);
}

static void room(uv_handle_t *client, size_t size, uv_buf_t *buf)
{
    (void)client;
    (void)size;
    buf->base = malloc(MAXLINE);
    buf->len = buf->base ? MAXLINE : 0;
}

static void written(uv_write_t *request, int status)
{
    struct reply *reply = (struct reply *)request;

    (void)status;
    free(reply->buf);
    free(reply);
}

static void received(uv_stream_t *client, ssize_t readn, const uv_buf_t *buf)
{
    struct reply *reply;
    uv_buf_t part;

    if (readn > 0 && (reply = malloc(sizeof(*reply))))
    {
        reply->buf = buf->base;
        part = uv_buf_init(buf->base, readn);
        uv_write(&reply->request, client, &part, 1, written);
        return;
    }
    free(buf->base);
    if (readn < 0)
    {
        uv_close((uv_handle_t *)client, closed);
    }
}

static void connected(uv_stream_t *server, int status)
{
    uv_tcp_t *client = status < 0 ? NULL : malloc(sizeof(*client));

    if (client == NULL)
    {
        return;
    }
    uv_tcp_init(server->loop, client);
    if (uv_accept(server, (uv_stream_t *)client) < 0)
    {
        uv_close((uv_handle_t *)client, closed);
        return;
    }
    uv_read_start((uv_stream_t *)client, room, received);
}

int main(void)
{
    uv_loop_t *loop = uv_default_loop();
    struct sockaddr_in address;
    uv_tcp_t server;

    uv_ip4_addr("127.0.0.1", PORTNUM, &address);
    uv_tcp_init(loop, &server);
    if (uv_tcp_bind(&server, (struct sockaddr *)&address, 0) < 0 || uv_listen((uv_stream_t *)&server, 128, connected) < 0)
    {
        return 1;
    }
    return uv_run(loop, UV_RUN_DEFAULT);
}
