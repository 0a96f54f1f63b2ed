/*
 * cal_linux_server.c: a calculator over UDP.
 *
 * The week before's lab in the lecture's folder. Rust: cal_linux_server.rs.
 * Compiled with -DDEBUG it is cal_linux_debug, which also prints who asks and what.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define PORTNUM 3800

struct cal_data
{
    int left_num;
    int right_num;
    char op;
    int result;
    short error;
};

int main(void)
{
    struct cal_data data;
    struct sockaddr_in addr;
    struct sockaddr_in server_addr;
    socklen_t addrlen;
    int sockfd;
    int left_num;
    int right_num;
    int result = 0;
    short error;

    memset(&data, 0x00, sizeof(data));
    memset(&server_addr, 0x00, sizeof(server_addr));
    server_addr.sin_family = AF_INET;
    /* textbook: every address of this machine, so anyone who can reach it may ask */
    server_addr.sin_addr.s_addr = htonl(INADDR_ANY);
    server_addr.sin_port = htons(PORTNUM);
    if ((sockfd = socket(AF_INET, SOCK_DGRAM, 0)) == -1)
    {
        return 1;
    }
    if (bind(sockfd, (struct sockaddr *)&server_addr, sizeof(server_addr)) == -1)
    {
        return 1; /* textbook: a second server on the port leaves without a word */
    }
    while (1)
    {
        addrlen = sizeof(addr);
        /* textbook: the length is not looked at: after a short datagram the rest of data is old;
           one failure ends the server */
        if (recvfrom(sockfd, &data, sizeof(data), 0, (struct sockaddr *)&addr, &addrlen) == -1)
        {
            return 1;
        }
        left_num = ntohl(data.left_num);
        right_num = ntohl(data.right_num);
#ifdef DEBUG
        printf("Client Info : %s (%d)\n", inet_ntoa(addr.sin_addr), ntohs(addr.sin_port));
        printf("%02x %c %02x\n", left_num, data.op, right_num);
#endif
        error = 0;
        switch (data.op)
        {
            case '+':
                result = left_num + right_num; /* textbook: beyond an int, C defines no result */
                break;
            case '-':
                result = left_num - right_num;
                break;
            case '*':
            case 'x':
                result = left_num * right_num;
                break;
            case '/':
                if (right_num == 0)
                {
                    error = 2; /* textbook: result is still the last one */
                    break;
                }
                result = left_num / right_num; /* textbook: INT_MIN / -1 is no int: SIGFPE */
                break;
            default:
                error = 1; /* textbook: result is still the last one */
                break;
        }
        data.result = htonl(result);
        data.error = htons(error);
        /* textbook: an answer that cannot be sent ends the server */
        if (sendto(sockfd, &data, sizeof(data), 0, (struct sockaddr *)&addr, addrlen) == -1)
        {
            return 1;
        }
    }
}
