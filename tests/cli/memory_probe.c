// Looks for octets in the memory of a running process: memory_probe PID, the octets on stdin. Prints each mapping that
// holds them and how often; exit 0 when there are some, 1 when there are none, 2 when it could not look.
#define _GNU_SOURCE  // memmem
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { chunk = 1 << 20, most = 256 };

static unsigned char wanted[most];
static size_t wanted_size;

static unsigned long count_in(const unsigned char* from, size_t size) {
  unsigned long found = 0;
  for (const unsigned char* at = from; size >= wanted_size; ++at) {
    const size_t rest = size - (size_t)(at - from);
    at = rest < wanted_size ? NULL : memmem(at, rest, wanted, wanted_size);
    if (at == NULL) break;
    ++found;
  }
  return found;
}

// Pages that were never touched read as zeros and cost time only; what cannot be read is passed over.
static unsigned long count_between(int memory, unsigned long from, unsigned long to) {
  static unsigned char room[chunk + most];
  size_t kept = 0;
  unsigned long found = 0;
  while (from < to) {
    const size_t ask = to - from < chunk ? to - from : chunk;
    const ssize_t got = pread(memory, room + kept, ask, (off_t)from);
    if (got <= 0) return found;
    const size_t have = kept + (size_t)got;
    found += count_in(room, have);
    kept = have < wanted_size ? have : wanted_size - 1;
    memmove(room, room + have - kept, kept);
    from += (size_t)got;
  }
  return found;
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  wanted_size = fread(wanted, 1, most, stdin);
  if (wanted_size == 0) return 2;
  char path[64];
  snprintf(path, sizeof path, "/proc/%.20s/mem", argv[1]);
  const int memory = open(path, O_RDONLY);
  snprintf(path, sizeof path, "/proc/%.20s/maps", argv[1]);
  FILE* maps = fopen(path, "r");
  if (memory < 0 || maps == NULL) return 2;
  unsigned long all = 0;
  unsigned long regions = 0;
  char line[4096];
  while (fgets(line, sizeof line, maps) != NULL) {
    unsigned long from = 0;
    unsigned long to = 0;
    char rights[8] = "";
    // The shadow of sanitizers spans terabytes and holds no data of the program.
    if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) != 3 || rights[0] != 'r') continue;
    if (to - from > (1UL << 32)) continue;
    ++regions;
    const unsigned long found = count_between(memory, from, to);
    if (found > 0) printf("%lu in %s", found, line);
    all += found;
  }
  fclose(maps);
  close(memory);
  if (regions == 0) return 2;
  return all > 0 ? 0 : 1;
}
