/* A server on the loopback that is not what it should be. Its argument says how: "silent" takes every connection and
   never answers, "cut" hangs up, anything else is sent as the answer. The port comes on standard output first. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(int line, const char *how) {
  char request[65536];
  if (strcmp(how, "silent") == 0) return; /* left open until the end */
  if (strcmp(how, "cut") != 0 && read(line, request, sizeof request) > 0) {
    usleep(100000); /* for the rest of the request, which may come apart from its head */
    while (recv(line, request, sizeof request, MSG_DONTWAIT) > 0) {
    }
    if (write(line, how, strlen(how)) < 0) perror("write");
  }
  close(line);
}

int main(int argc, char **argv) {
  struct sockaddr_in address = {0};
  socklen_t size = sizeof address;
  const int door = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (argc != 2 || bind(door, (struct sockaddr *)&address, size) != 0 || listen(door, 8) != 0) return 2;
  if (getsockname(door, (struct sockaddr *)&address, &size) != 0) return 2;
  printf("%u\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    const int line = accept(door, NULL, NULL);
    if (line >= 0) serve(line, argv[1]);
  }
}
