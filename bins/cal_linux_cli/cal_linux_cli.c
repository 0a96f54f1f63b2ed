/*
 * cal_linux_cli.c: the calculator's client: a line, a datagram, an answer.
 *
 * The week before's lab in the lecture's folder. Rust: cal_linux_cli.rs.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define MAXLINE 256
#define PORTNUM 3800

struct cal_data
{
    int left_num;
    int right_num;
    char op;
    int result;
    short error;
};

int main(int argc, char **argv)
{
    char buf[MAXLINE];
    struct cal_data data;
    struct sockaddr_in addr;
    struct sockaddr_in server_addr;
    socklen_t addrlen;
    int sockfd;
    int left_num = 0;
    int right_num = 0;
    char op[MAXLINE] = "";

    if (argc != 2)
    {
        printf("Usage : %s [ipaddress]\n", argv[0]);
        return 1;
    }
    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sin_family = AF_INET;
    /* textbook: what is no address becomes 255.255.255.255 */
    server_addr.sin_addr.s_addr = inet_addr(argv[1]);
    server_addr.sin_port = htons(PORTNUM);
    if ((sockfd = socket(AF_INET, SOCK_DGRAM, 0)) == -1)
    {
        return 1;
    }
    while (1)
    {
        printf("> ");
        memset(buf, 0x00, MAXLINE);
        fgets(buf, MAXLINE, stdin); /* textbook: the end of the input is not seen: sends for ever */
        if (strncmp(buf, "quit\n", 5) == 0)
        {
            return 0;
        }
        /* textbook: a line that cannot be read leaves the old operands, and they are sent again;
           the operator is all between the digits: 5+-3 loses a sign, in 5 + 3 it is a space */
        sscanf(buf, "%d%[^0-9]%d", &left_num, op, &right_num);
        memset(&data, 0x00, sizeof(data));
        data.left_num = htonl(left_num);
        data.right_num = htonl(right_num);
        data.op = op[0];
        sendto(sockfd, &data, sizeof(data), 0, (struct sockaddr *)&server_addr,
               sizeof(server_addr));
        addrlen = sizeof(addr);
        /* textbook: without a server it waits for ever; anyone's datagram passes for the answer */
        recvfrom(sockfd, &data, sizeof(data), 0, (struct sockaddr *)&addr, &addrlen);
        /* textbook: data.error is not looked at */
        printf("%d %c %d = %d\n", left_num, op[0], right_num, (int)ntohl(data.result));
    }
}
