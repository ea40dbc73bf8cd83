/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SHA-256 (FIPS 180-4) as fast as the processor can: with its instructions for it 5 to 8 times as fast as GChecksum, which is taken without. */
typedef struct _SktSha256 SktSha256;

SktSha256 *skt_sha256_new (void);
void skt_sha256_free (SktSha256 *self);
void skt_sha256_update (SktSha256 *self, const void *data, gsize length);
/* 64 hexadecimal digits; nothing may be added afterwards. (transfer full) */
char *skt_sha256_finish (SktSha256 *self);
/* Whether it is the processor's instructions that are used. */
gboolean skt_sha256_is_fast (SktSha256 *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SktSha256, skt_sha256_free)

G_END_DECLS
