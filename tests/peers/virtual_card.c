// A card in the first virtual reader of vsmartcard's vpcd that no driver knows: it has an answer to reset and refuses
// every command. Its end takes the card out of the reader. Each message there and back is its length in two octets, then
// that many; one octet is an order to the card: 0 off, 1 on, 2 reset, 4 say your answer to reset.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READER = 35963, SAY_ATR = 4 };

static int receive(int reader, uint8_t *at, size_t left) {
  while (left > 0) {
    const ssize_t got = read(reader, at, left);
    if (got <= 0) return 0;
    at += got;
    left -= (size_t)got;
    const int now = 1;  // the reader writes length and octets apart, and waits for us in between
    setsockopt(reader, IPPROTO_TCP, TCP_QUICKACK, &now, sizeof now);
  }
  return 1;
}

static int answer(int reader, uint8_t first, uint8_t second) {
  const uint8_t message[] = {0, 2, first, second};
  return write(reader, message, sizeof message) == (ssize_t)sizeof message;
}

int main(void) {
  static uint8_t message[1 << 16];
  const struct sockaddr_in place = {
      .sin_family = AF_INET, .sin_port = htons(READER), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const int reader = socket(AF_INET, SOCK_STREAM, 0);
  if (reader < 0 || connect(reader, (const struct sockaddr *)&place, sizeof place) != 0) {
    perror("the reader");
    return 1;
  }
  for (uint8_t head[2]; receive(reader, head, sizeof head);) {
    const size_t length = (size_t)head[0] << 8 | head[1];
    if (!receive(reader, message, length)) break;
    const int said = length == 1 ? message[0] != SAY_ATR || answer(reader, 0x3b, 0x00)  // no more than it must say
                                 : answer(reader, 0x6d, 0x00);                          // no such instruction
    if (!said) break;
  }
  return 0;
}
