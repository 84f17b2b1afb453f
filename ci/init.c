// SPDX-License-Identifier: GPL-2.0
/*
 * init of rtlat's emulated hosts and guests: prepares the machine, runs one
 * command, says how it ended, powers off.
 *
 * In the initramfs it finds /rtlat/config (key=value lines), /rtlat/modules
 * (kernel modules in the order of loading, files of /rtlat/ko/), /rtlat/cmd
 * (the command, a shell script) and perhaps /rtlat/stdin. Keys:
 *
 *   role=host	the build machine's files become the root: tag "root" of
 *		virtio-9p, read-only, under an overlay in memory
 *   root=DEVICE	a disk with an ext4 file system is the root instead (role=host)
 *   role=guest	the initramfs stays the root; after the verdict the machine
 *		waits, so that who started it can still read its VM's statistics
 *   share=TAG PATH	a read-write 9p share (role=host), may be repeated
 *   modules=PATH	what /lib/modules/RELEASE shall be (role=host)
 *   cwd=PATH	where the command starts
 *   tty=COLSxROWS	run it on the terminal hvc0
 *   out=DEVICE, err=DEVICE	terminals for the command's output (both or none)
 *
 * Channels: the kernel's log has ttyS0; the command's output the virtio ports
 * rtlat.out and rtlat.err (or hvc0, or what out= and err= say); the verdict
 * ttyS1, whose only bytes are "verdict=STATUS\n". An init that fails writes none:
 * no verdict, no success.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ROOT		"/newroot"
#define CONFIG		"/rtlat/config"
#define RO_OPTIONS	"trans=virtio,version=9p2000.L,msize=512000,cache=loose"
#define RW_OPTIONS	"trans=virtio,version=9p2000.L,msize=512000,cache=none"
#define PORT_WAIT_MS	20000
#define DISK_WAIT_MS	20000
#define LINE		4096

static int verdict_fd = -1;
static int is_guest;

static void log_line(const char *fmt, ...)
{
	char line[LINE];
	va_list args;
	int fd, n;

	va_start(args, fmt);
	n = snprintf(line, sizeof(line), "<3>rtlat-init: ");
	vsnprintf(line + n, sizeof(line) - n - 1, fmt, args);
	va_end(args);
	strcat(line, "\n");
	fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (write(fd, line, strlen(line)) < 0)
		fd = -1;
	close(fd);
}

/* A guest's reboot ends its QEMU; power-off alone does not, where it has no ACPI. */
static void end(void)
{
	sync();
	reboot(is_guest ? RB_AUTOBOOT : RB_POWER_OFF);
	for (;;)
		pause();
}

/* No verdict: whoever waits for one reports the machine as lost. */
#define fail(...)			\
	do {				\
		log_line(__VA_ARGS__);	\
		end();			\
	} while (0)

/* ---- configuration ---- */

struct config {
	char cwd[LINE];
	char modules[LINE];
	char root[64];
	char output[2][64];
	int tty;
	struct winsize window;
};

typedef void (*line_fn)(char *line, void *data);

static int each_line(const char *path, line_fn fn, void *data)
{
	FILE *file = fopen(path, "re");
	char line[LINE];

	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0])
			fn(line, data);
	}
	fclose(file);
	return 0;
}

static void config_line(char *line, void *data)
{
	struct config *config = data;
	char *value = strchr(line, '=');

	if (!value)
		fail(CONFIG ": not key=value: %s", line);
	*value++ = '\0';
	if (!strcmp(line, "role"))
		is_guest = !strcmp(value, "guest");
	else if (!strcmp(line, "cwd"))
		snprintf(config->cwd, sizeof(config->cwd), "%s", value);
	else if (!strcmp(line, "modules"))
		snprintf(config->modules, sizeof(config->modules), "%s", value);
	else if (!strcmp(line, "root"))
		snprintf(config->root, sizeof(config->root), "%s", value);
	else if (!strcmp(line, "out"))
		snprintf(config->output[0], sizeof(config->output[0]), "%s", value);
	else if (!strcmp(line, "err"))
		snprintf(config->output[1], sizeof(config->output[1]), "%s", value);
	else if (!strcmp(line, "tty"))
		config->tty = sscanf(value, "%hux%hu", &config->window.ws_col,
				     &config->window.ws_row) == 2;
	else if (strcmp(line, "share"))
		fail(CONFIG ": unknown key %s", line);
}

/* ---- file systems and modules ---- */

static void make_dirs(const char *path)
{
	char dir[LINE];
	char *slash;

	snprintf(dir, sizeof(dir), "%s", path);
	for (slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(dir, 0755);
		*slash = '/';
	}
	mkdir(dir, 0755);
}

static void mount_at(const char *type, const char *source, const char *at,
		     unsigned long flags, const char *options)
{
	make_dirs(at);
	if (mount(source, at, type, flags, options))
		fail("mount %s (%s) at %s: %s", source, type, at, strerror(errno));
}

/* Filesystems that a kernel may lack: their absence is the command's matter. */
static void mount_optional(const char *type, const char *at)
{
	mkdir(at, 0755);
	mount(type, at, type, MS_NOSUID | MS_NOEXEC, NULL);
}

static void load_module(char *name, void *data)
{
	char path[LINE];
	int fd;

	(void)data;
	snprintf(path, sizeof(path), "/rtlat/ko/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		fail("%s: not loaded: %s", name, strerror(errno));
	close(fd);
}

static void mount_share(char *line, void *data)
{
	char tag[64], path[LINE], at[LINE + sizeof(ROOT)];

	(void)data;
	if (sscanf(line, "share=%63s %4095[^\n]", tag, path) != 2)
		return;
	snprintf(at, sizeof(at), ROOT "%s", path);
	mount_at("9p", tag, at, 0, RW_OPTIONS);
}

static void copy_file(const char *from, const char *to)
{
	char data[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	ssize_t n;

	if (in < 0 || out < 0)
		fail("copy %s to %s: %s", from, to, strerror(errno));
	while ((n = read(in, data, sizeof(data))) > 0)
		if (write(out, data, n) != n)
			fail("write %s: %s", to, strerror(errno));
	close(in);
	close(out);
}

/* Disks come up a little after their driver. */
static void mount_disk(const char *device, const char *at)
{
	int ms;

	for (ms = 0; ms < DISK_WAIT_MS && access(device, F_OK); ms += 5)
		usleep(5000);
	mount_at("ext4", device, at, MS_RDONLY, NULL);
}

/* The build machine's files as root, and a layer in memory over them. */
static void machine_root(const struct config *config)
{
	char modules[LINE];
	struct utsname name;

	if (config->root[0])
		mount_disk(config->root, "/lower");
	else
		mount_at("9p", "root", "/lower", MS_RDONLY, RO_OPTIONS);
	mount_at("tmpfs", "upper", "/upper", 0, "mode=0755,size=75%");
	make_dirs("/upper/data");
	make_dirs("/upper/work");
	mount_at("overlay", "overlay", ROOT, 0,
		 "lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work");
	mount_at("tmpfs", "run", ROOT "/run", 0, "mode=0755");
	make_dirs(ROOT "/run/rtlat");
	copy_file("/rtlat/cmd", ROOT "/run/rtlat/cmd");
	if (!access("/rtlat/stdin", R_OK))
		copy_file("/rtlat/stdin", ROOT "/run/rtlat/stdin");
	each_line(CONFIG, mount_share, NULL);
	if (mount("/dev", ROOT "/dev", NULL, MS_MOVE, NULL) ||
	    mount("/proc", ROOT "/proc", NULL, MS_MOVE, NULL) ||
	    mount("/sys", ROOT "/sys", NULL, MS_MOVE, NULL))
		fail("moving /dev, /proc, /sys: %s", strerror(errno));
	if (chdir(ROOT) || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") ||
	    chdir("/"))
		fail("changing the root: %s", strerror(errno));
	if (config->modules[0]) {
		uname(&name);
		make_dirs("/lib/modules");
		snprintf(modules, sizeof(modules), "/lib/modules/%s", name.release);
		if (symlink(config->modules, modules) && errno != EEXIST)
			fail("%s: %s", modules, strerror(errno));
	}
}

/* ---- channels ---- */

static int raw_terminal(const char *path)
{
	struct termios tio;
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s", path, strerror(errno));
	if (!tcgetattr(fd, &tio)) {
		cfmakeraw(&tio);
		tcsetattr(fd, TCSANOW, &tio);
	}
	return fd;
}

/* find_port - the device of a named virtio port, which comes up a little late */
static int find_port(const char *want)
{
	char path[LINE], name[64];
	struct dirent *entry;
	int ms, fd;
	ssize_t n;
	DIR *dir;

	for (ms = 0; ms < PORT_WAIT_MS; ms += 5) {
		dir = opendir("/sys/class/virtio-ports");
		while (dir && (entry = readdir(dir))) {
			snprintf(path, sizeof(path),
				 "/sys/class/virtio-ports/%s/name", entry->d_name);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			n = fd < 0 ? 0 : read(fd, name, sizeof(name) - 1);
			close(fd);
			if (n <= 0)
				continue;
			name[n] = '\0';
			name[strcspn(name, "\n")] = '\0';
			if (strcmp(name, want))
				continue;
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			fd = open(path, O_RDWR | O_CLOEXEC);
			if (fd >= 0) {
				closedir(dir);
				return fd;
			}
		}
		if (dir)
			closedir(dir);
		usleep(5000);
	}
	fail("no virtio port %s", want);
	return -1;
}

static void write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fail("an output channel broke: %s", strerror(errno));
		data += n;
		size -= n;
	}
}

/* pump - pass on what there is; 0 when the pipe has nothing now */
static int pump(int from, int to)
{
	char data[32768];
	ssize_t n = read(from, data, sizeof(data));

	if (n > 0)
		write_all(to, data, n);
	return n > 0;
}

/* ---- the command ---- */

static void exec_command(const struct config *config, int out, int err)
{
	const char *shell = is_guest ? "/bin/sh" : "/bin/bash";
	const char *dir = is_guest ? "/rtlat" : "/run/rtlat";
	char cmd[64], input[64];
	int in;

	snprintf(cmd, sizeof(cmd), "%s/cmd", dir);
	snprintf(input, sizeof(input), "%s/stdin", dir);
	setsid();
	if (config->tty) {
		in = open("/dev/hvc0", O_RDWR);
		ioctl(in, TIOCSCTTY, 0);
		ioctl(in, TIOCSWINSZ, &config->window);
		out = in;
		err = in;
	} else {
		in = open(input, O_RDONLY);
		if (in < 0)
			in = open("/dev/null", O_RDONLY);
	}
	if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(126);
	if (config->cwd[0] && chdir(config->cwd)) {
		dprintf(2, "rtlat-init: %s: %s\n", config->cwd, strerror(errno));
		_exit(126);
	}
	signal(SIGPIPE, SIG_DFL);
	execl(shell, shell, cmd, NULL);
	dprintf(2, "rtlat-init: %s: %s\n", shell, strerror(errno));
	_exit(127);
}

/* reap - collect ended processes; 1 when the command is among them */
static int reap(pid_t command, int *status)
{
	int ended = 0, state;
	pid_t pid;

	while ((pid = waitpid(-1, &state, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		ended = 1;
		*status = WIFSIGNALED(state) ? 128 + WTERMSIG(state) :
					       WEXITSTATUS(state);
	}
	return ended;
}

static void on_child(int sig)
{
	(void)sig;
}

static int run_command(const struct config *config)
{
	struct sigaction action = { .sa_handler = on_child };
	int from[2][2], port[2] = { -1, -1 }, status = 0, i;
	sigset_t child, before;
	pid_t pid;

	sigaction(SIGCHLD, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &before);
	for (i = 0; i < 2; i++)
		if (pipe2(from[i], O_CLOEXEC))
			fail("pipe: %s", strerror(errno));
	if (config->output[0][0]) {
		port[0] = raw_terminal(config->output[0]);
		port[1] = raw_terminal(config->output[1]);
	} else if (!config->tty) {
		port[0] = find_port("rtlat.out");
		port[1] = find_port("rtlat.err");
	}
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		exec_command(config, from[0][1], from[1][1]);
	}
	for (i = 0; i < 2; i++) {
		close(from[i][1]);
		fcntl(from[i][0], F_SETFL, O_NONBLOCK);
	}
	for (;;) {
		struct pollfd poll[2] = { { from[0][0], POLLIN, 0 },
					  { from[1][0], POLLIN, 0 } };
		int ended = reap(pid, &status);

		for (i = 0; i < 2 && !config->tty; i++)
			while (pump(from[i][0], port[i]))
				;
		if (ended)
			break;
		/* A pipe that its last writer closed would be ready for ever. */
		ppoll(poll, 2, NULL, &before);
		for (i = 0; i < 2; i++)
			if ((poll[i].revents & (POLLHUP | POLLIN)) == POLLHUP) {
				close(from[i][0]);
				from[i][0] = -1;
			}
	}
	for (i = 0; i < 2; i++) {
		if (config->output[i][0])
			tcdrain(port[i]);
		close(port[i]);
	}
	return status;
}

int main(void)
{
	struct config config = { 0 };
	struct timespec now;
	char verdict[32];
	int status;

	mount_at("devtmpfs", "dev", "/dev", MS_NOSUID, "mode=0755");
	mount_at("proc", "proc", "/proc", 0, NULL);
	mount_at("sysfs", "sys", "/sys", 0, NULL);
	if (each_line(CONFIG, config_line, &config))
		fail(CONFIG ": %s", strerror(errno));
	if (each_line("/rtlat/modules", load_module, NULL))
		fail("/rtlat/modules: %s", strerror(errno));
	verdict_fd = raw_terminal("/dev/ttyS1");
	if (!is_guest)
		machine_root(&config);
	mkdir("/dev/pts", 0755);
	mount("devpts", "/dev/pts", "devpts", 0, "gid=5,mode=620,ptmxmode=666");
	mkdir("/dev/shm", 01777);
	mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777");
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
	mount_optional("debugfs", "/sys/kernel/debug");
	mount_optional("tracefs", "/sys/kernel/tracing");
	if (sethostname(is_guest ? "guest" : "host", is_guest ? 5 : 4))
		log_line("sethostname: %s", strerror(errno));

	clock_gettime(CLOCK_BOOTTIME, &now);
	log_line("command starts at %ld.%03ld s", (long)now.tv_sec,
		 now.tv_nsec / 1000000);
	status = run_command(&config);
	sync();
	snprintf(verdict, sizeof(verdict), "verdict=%d\n", status);
	write_all(verdict_fd, verdict, strlen(verdict));
	tcdrain(verdict_fd);
	while (is_guest)
		pause();
	end();
	return 0;
}
