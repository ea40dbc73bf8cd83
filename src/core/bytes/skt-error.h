/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SKT_ERROR (skt_error_quark ())

/* Conditions of our own. What GIO reports is passed on with its own domain. */
typedef enum
{
  SKT_ERROR_BAD_HEX,            /* a character that is no hexadecimal digit */
  SKT_ERROR_HALF_BYTE,          /* an odd number of digits */
  SKT_ERROR_BAD_CHARACTER,      /* a character that the encoding lacks */
  SKT_ERROR_BAD_ADDRESS,        /* host or address that cannot be one */
  SKT_ERROR_BAD_PORT,           /* not a number from 0/1 to 65535 */
  SKT_ERROR_QUEUE_FULL,         /* the peer does not read: the send queue is at its bound */
  SKT_ERROR_NOT_CONNECTED,      /* nobody to send to */
  SKT_ERROR_BAD_JOURNAL,        /* not a journal of ours, or of a newer version */
  SKT_ERROR_BAD_RULE,           /* a rule for frames that can't be followed */
  SKT_ERROR_BAD_PATTERN,        /* nothing to search for, too long, or a mistake in a regular expression */
  SKT_ERROR_BAD_MESSAGE,        /* an escape, a placeholder, Base64 or a checksum that can't be used */
  SKT_ERROR_BAD_FILE,           /* a file that is not what it should be */
  SKT_ERROR_STOPPED,            /* ended by a rule or a condition, not by a failure */
  SKT_ERROR_BAD_SEQUENCE,       /* steps that can't be done */
} SktError;

GQuark skt_error_quark (void);

G_END_DECLS
