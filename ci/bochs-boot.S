/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Boot sector of the emulated Intel host (ci/bochs.sh): does what QEMU's -kernel
 * does with the same vmlinux. It asks the BIOS for the memory map, reads one
 * stretch of the disk into memory (the kernel's segments, its command line, the
 * initramfs), and enters the kernel by its 32-bit PVH entry. A boot loader would
 * have to unpack a bzImage: four billion instructions.
 *
 * --defsym: ENTRY, LOAD (where the stretch goes), COMMAND_LINE, INITRD (physical
 * addresses), INITRD_SIZE (bytes), FIRST (sector of the disk), CHUNKS (of 128 KiB)
 */
	.set	INFO, 0x8000		/* struct hvm_start_info */
	.set	MODULE, 0x8100		/* struct hvm_modlist_entry */
	.set	MAP, 0x8200		/* struct hvm_memmap_table_entry[] */
	.set	MAP_ENTRY, 24
	.set	ATA, 0x1f0		/* first channel, its master */
	.set	ATA_READ, 0x20
	.set	ATA_LBA, 0xe0
	.set	ATA_BUSY, 0x80
	.set	ATA_DATA, 0x08

	.code16
	.globl	_start
_start:
	cli
	cld
	xorw	%ax, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movw	$_start, %sp
	movw	$0x2401, %ax		/* A20 */
	int	$0x15

	movw	$INFO, %di
	movw	$(0x1000 / 2), %cx
	xorw	%ax, %ax
	rep stosw
	xorl	%ebx, %ebx
	movw	$MAP, %di
next_range:
	movl	$0xe820, %eax
	movl	$0x534d4150, %edx	/* "SMAP" */
	movl	$20, %ecx
	int	$0x15
	jc	mapped
	incw	INFO + 48		/* memmap_entries */
	addw	$MAP_ENTRY, %di
	testl	%ebx, %ebx
	jnz	next_range
mapped:
	cli
	lgdt	gdt_pointer
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	ljmp	$8, $protected

	.code32
protected:
	movw	$16, %ax
	movw	%ax, %ds
	movw	%ax, %es
	movw	%ax, %ss
	movl	$0x336ec578, INFO	/* magic */
	movl	$1, INFO + 4		/* version */
	movl	$1, INFO + 12		/* nr_modules */
	movl	$MODULE, INFO + 16
	movl	$COMMAND_LINE, INFO + 24
	movl	$MAP, INFO + 40
	movl	$INITRD, MODULE
	movl	$INITRD_SIZE, MODULE + 8

	/* by programmed I/O, 256 sectors at a time */
	movl	$FIRST, %ebx
	movl	$LOAD, %edi
	movl	$CHUNKS, %ebp
next_chunk:
	movw	$(ATA + 2), %dx
	xorb	%al, %al		/* 256 */
	outb	%al, %dx
	movl	%ebx, %eax
	incw	%dx
	outb	%al, %dx
	shrl	$8, %eax
	incw	%dx
	outb	%al, %dx
	shrl	$8, %eax
	incw	%dx
	outb	%al, %dx
	shrl	$8, %eax
	orb	$ATA_LBA, %al
	incw	%dx
	outb	%al, %dx
	movb	$ATA_READ, %al
	incw	%dx
	outb	%al, %dx
	movl	$256, %esi
next_sector:
	movw	$(ATA + 7), %dx
wait_disk:
	inb	%dx, %al
	testb	$ATA_BUSY, %al
	jnz	wait_disk
	testb	$ATA_DATA, %al
	jz	wait_disk
	movw	$ATA, %dx
	movl	$(512 / 4), %ecx
	rep insl
	decl	%esi
	jnz	next_sector
	addl	$256, %ebx
	decl	%ebp
	jnz	next_chunk

	movl	$INFO, %ebx
	movl	$ENTRY, %eax
	jmp	*%eax

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf9a000000ffff	/* code, all 4 GiB */
	.quad	0x00cf92000000ffff	/* data */
gdt_pointer:
	.word	. - gdt - 1
	.long	gdt

	.org	0x1fe
	.word	0xaa55
