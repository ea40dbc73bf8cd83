/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "skt-tcp-info.h"

G_BEGIN_DECLS

/* At four samples a second: three minutes. */
#define SKT_TCP_HISTORY_SIZE 720

/* The last samples of one connection, in order. Not locked. */
typedef struct _SktTcpHistory SktTcpHistory;

SktTcpHistory *skt_tcp_history_new (void);
void skt_tcp_history_free (SktTcpHistory *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktTcpHistory, skt_tcp_history_free)

/* Drops the oldest one if it is full. */
void skt_tcp_history_add (SktTcpHistory *self, const SktTcpInfo *sample);
void skt_tcp_history_clear (SktTcpHistory *self);
guint skt_tcp_history_get_n (const SktTcpHistory *self);
/* 0 is the oldest. Borrowed, until the next one is added. */
const SktTcpInfo *skt_tcp_history_get (const SktTcpHistory *self, guint i);
/* The newest, NULL if there is none. */
const SktTcpInfo *skt_tcp_history_get_last (const SktTcpHistory *self);
/* The newest that is at least that many microseconds older than the last one, else the oldest; NULL if there are not two. */
const SktTcpInfo *skt_tcp_history_get_before (const SktTcpHistory *self, gint64 age_us);

G_END_DECLS
