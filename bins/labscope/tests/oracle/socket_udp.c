/* Datagrams over the loopback: each read takes one, and learns from where it came. */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, from;
    struct timeval soon = {0, 10000};
    socklen_t length = sizeof address, room = sizeof from;
    int receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
    char text[4];
    bind(receiver, (struct sockaddr *)&address, sizeof address);
    getsockname(receiver, (struct sockaddr *)&address, &length);
    sendto(sender, "first", 5, 0, (struct sockaddr *)&address, length);
    connect(sender, (struct sockaddr *)&address, length);
    send(sender, "two", 3, 0);
    printf("%zd\n", recvfrom(receiver, text, sizeof text, 0, (struct sockaddr *)&from, &room));
    printf("%zd\n", recvfrom(receiver, text, sizeof text, 0, NULL, NULL));
    setsockopt(receiver, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
    printf("%zd\n", recvfrom(receiver, text, sizeof text, 0, (struct sockaddr *)&from, &room));
    return 0;
}
