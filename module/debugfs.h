/* SPDX-License-Identifier: GPL-2.0 */
#ifndef RTLAT_DEBUGFS_H
#define RTLAT_DEBUGFS_H

void rtlat_debugfs_init(void);
void rtlat_debugfs_exit(void);

#endif /* RTLAT_DEBUGFS_H */
