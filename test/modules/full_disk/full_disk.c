/*
 * full_disk.c: a disk that is full, for one server: preloaded (LD_PRELOAD) into it, lets no file grow whose path contains some text.
 *
 * The file that the environment variable KPI_FULL_DISK names says which, and how many bytes each process can still add before that:
 * "262144 /pgsql_tmp/". Without the file there is room. As on a real disk, the write that meets the end stops short, and only the
 * next one fails with ENOSPC; what does not make a file longer goes on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static long room;				/* that this process has left */
static char room_of[300];		/* by what the file said */

/* Whether there is such a disk, and this file is on it. */
static int
is_full(int fd)
{
	const char *control = getenv("KPI_FULL_DISK");
	char		said[300] = "";
	char		link[64];
	char		path[4096];
	char	   *pattern;
	ssize_t		length;
	int			file;

	if (control == NULL || (file = open(control, O_RDONLY)) < 0)
		return 0;
	length = read(file, said, sizeof(said) - 1);
	close(file);
	if (length <= 0)
		return 0;
	said[strcspn(said, "\n")] = '\0';
	if (strcmp(said, room_of) != 0)
	{
		strcpy(room_of, said);
		room = atol(said);
	}
	pattern = strchr(said, ' ');
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0 || pattern == NULL)
		return 0;
	path[length] = '\0';
	return strstr(path, pattern + 1) != NULL;
}

/* How many of these bytes can be written at this place; -1: none. */
static ssize_t
fits(int fd, size_t length, off_t offset)
{
	int			saved = errno;
	struct stat status;
	long		grows;

	if (length == 0 || !is_full(fd) || fstat(fd, &status) != 0)
	{
		errno = saved;
		return length;
	}
	grows = offset + (long) length - status.st_size;
	errno = saved;
	if (grows <= 0)
		return length;
	if (grows <= room)
	{
		room -= grows;
		return length;
	}
	if ((long) length - grows + room <= 0)
	{
		errno = ENOSPC;
		return -1;
	}
	length = (long) length - grows + room;
	room = 0;
	return length;
}

ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	static ssize_t (*real) (int, const void *, size_t, off_t);
	ssize_t		can = fits(fd, length, offset);

	if (real == NULL)
		real = (ssize_t (*) (int, const void *, size_t, off_t)) dlsym(RTLD_NEXT, "pwrite");
	return can < 0 ? -1 : real(fd, bytes, can, offset);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	return pwrite(fd, bytes, length, offset);
}

/* Of several pieces, all or none. */
ssize_t
pwritev(int fd, const struct iovec *pieces, int count, off_t offset)
{
	static ssize_t (*real) (int, const struct iovec *, int, off_t);
	size_t		length = 0;

	for (int i = 0; i < count; i++)
		length += pieces[i].iov_len;
	if (real == NULL)
		real = (ssize_t (*) (int, const struct iovec *, int, off_t)) dlsym(RTLD_NEXT, "pwritev");
	if (fits(fd, length, offset) < (ssize_t) length)
	{
		errno = ENOSPC;
		return -1;
	}
	return real(fd, pieces, count, offset);
}

ssize_t
pwritev64(int fd, const struct iovec *pieces, int count, off64_t offset)
{
	return pwritev(fd, pieces, count, offset);
}

/* How newer servers make tables longer. */
int
posix_fallocate(int fd, off_t offset, off_t length)
{
	static int	(*real) (int, off_t, off_t);

	if (fits(fd, length, offset) < length)
		return ENOSPC;
	if (real == NULL)
		real = (int (*) (int, off_t, off_t)) dlsym(RTLD_NEXT, "posix_fallocate");
	return real(fd, offset, length);
}

int
posix_fallocate64(int fd, off64_t offset, off64_t length)
{
	return posix_fallocate(fd, offset, length);
}
