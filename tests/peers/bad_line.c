/* A line between a client and a server on local sockets that garbles what the server says, or breaks: LISTEN SERVER AT HOW
   takes one connection after another at the socket LISTEN, and from octet AT of the server's words on does HOW with them:
   "flip" inverts that one, "noise" puts others in place of all that follow, "cut" hangs up, "silent" says no more. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int opened(const char *path, int listens) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const int line = socket(AF_UNIX, SOCK_STREAM, 0);
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  if (listens && (bind(line, (struct sockaddr *)&address, sizeof address) != 0 || listen(line, 8) != 0)) exit(2);
  if (!listens && connect(line, (struct sockaddr *)&address, sizeof address) != 0) exit(3);
  return line;
}

/* Returns 0 when the line is cut. */
static int garble(unsigned char *words, ssize_t *size, long from, long at, const char *how) {
  const int cut = strcmp(how, "cut") == 0, silent = strcmp(how, "silent") == 0;
  if (from + *size <= at) return 1;
  for (long i = at > from ? at - from : 0; i < *size; ++i) {
    if (strcmp(how, "flip") == 0 && from + i == at) words[i] ^= 0xff;
    if (strcmp(how, "noise") == 0) words[i] = (unsigned char)((from + i) * 131 + 89);
  }
  if (cut || silent) *size = at > from ? at - from : 0;
  return !cut;
}

static void carry(int client, int server, long at, const char *how) {
  unsigned char words[65536];
  struct pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
  for (long said = 0; poll(ends, 2, -1) > 0;) {
    const int speaks = ends[1].revents != 0;
    const ssize_t read_now = read(speaks ? server : client, words, sizeof words);
    ssize_t size = read_now;
    if (size <= 0) return;
    const int holds = !speaks || garble(words, &size, said, at, how);
    if (speaks) said += read_now;
    if (write(speaks ? client : server, words, (size_t)size) != size || !holds) return;
  }
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  for (const int door = opened(argv[1], 1);;) {
    const int client = accept(door, NULL, NULL);
    if (client < 0) return 2;
    const int server = opened(argv[2], 0);
    carry(client, server, atol(argv[3]), argv[4]);
    close(client);
    close(server);
  }
}
