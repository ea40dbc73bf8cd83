/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-preset-import.h"

#include "skt-decode.h"
#include "skt-error.h"
#include "skt-hex.h"
#include "skt-json.h"
#include "skt-preset-store.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* Of one file: a list that is longer was not written by a person. */
#define MAX_PRESETS 10000

typedef struct
{
  GPtrArray *presets; /* SktPreset */
  const char *group;
  SktEncoding encoding; /* of texts */
  guint n_bad;
  char *problem; /* of the first that is bad */
} Import;

/* A line of an INI file. Borrowed from the text. */
typedef struct
{
  char *section; /* "" before the first */
  char *key;
  char *value;
} Entry;

const char *
skt_preset_file_get_name (SktPresetFile file)
{
  switch (file)
    {
    case SKT_PRESET_FILE_PACKET_SENDER:
      return "Packet Sender";
    case SKT_PRESET_FILE_SSCOM:
      return "SSCOM";
    case SKT_PRESET_FILE_NETASSIST:
      return "NetAssist";
    case SKT_PRESET_FILE_OWN:
    case SKT_N_PRESET_FILES:
    default:
      return "Socketeer";
    }
}

static void
note_bad (Import *import, const char *name, const char *reason)
{
  import->n_bad++;
  if (import->problem == NULL)
    /* Translators: %1$s is the name of a message in a file, %2$s says why it can't be taken over */
    import->problem = g_strdup_printf (_ ("“%1$s”: %2$s"), name, reason);
}

static void
add (Import *import, const char *name, const SktMessageSettings *settings)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (SktMessage) message = NULL;

  if (import->presets->len >= MAX_PRESETS)
    {
      note_bad (import, name, _ ("there are too many"));
      return;
    }
  message = skt_message_new (settings, NULL, &error);
  if (message == NULL)
    note_bad (import, name, error->message);
  else
    g_ptr_array_add (import->presets, skt_preset_new (&(SktPresetSettings){
                                        .name = name, .group = import->group, .message = message }));
}

static void
add_hex (Import *import, const char *name, const char *hex)
{
  add (import, name, &(SktMessageSettings){ .form = SKT_MESSAGE_HEX, .source = hex });
}

/* -- INI ----------------------------------------------------------------------------------------------------- */

/* GKeyFile does not take these files: keys before the first section, backslashes and percent signs in names, any text as a value. */
static GArray *
split_entries (char *text)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  char *section = (char *) "";

  for (char *line = text, *next; line != NULL; line = next)
    {
      char *end, *equals;

      next = strchr (line, '\n');
      if (next != NULL)
        *next++ = '\0';
      g_strchomp (line);
      if (line[0] == ';' || line[0] == '#')
        continue;
      if (line[0] == '[' && (end = strrchr (line, ']')) != NULL)
        {
          *end = '\0';
          section = line + 1;
        }
      else if ((equals = strchr (line, '=')) != NULL)
        {
          Entry entry = { section, line, equals + 1 };
          *equals = '\0';
          g_strchomp (entry.key);
          g_array_append_val (entries, entry);
        }
    }
  return entries;
}

/* The value of another key in the section of entry `i`, or NULL. */
static const char *
find_beside (GArray *entries, guint i, const char *key)
{
  const Entry *all = (const Entry *) entries->data;
  guint begin = i;

  while (begin > 0 && all[begin - 1].section == all[i].section)
    begin--;
  for (guint j = begin; j < entries->len && all[j].section == all[i].section; j++)
    if (g_ascii_strcasecmp (all[j].key, key) == 0)
      return all[j].value;
  return NULL;
}

/* -- Packet Sender ------------------------------------------------------------------------------------------- */

static gunichar
make_character (const char *digits, guint n)
{
  g_autofree char *number = g_strndup (digits, n);
  gunichar c = strtoul (number, NULL, 16);
  return g_unichar_validate (c) && c != 0 ? c : 0xFFFD;
}

/* QSettings writes names as "My%20packet", "%U4F60". */
static char *
unescape_key (const char *key)
{
  GString *text = g_string_new (NULL);

  for (const char *p = key; *p != '\0';)
    {
      guint n = p[0] != '%' ? 0 : p[1] == 'U' ? 4 : 2, skip = n == 4 ? 2 : 1;
      gboolean is_escape = n > 0;

      for (guint i = 0; is_escape && i < n; i++)
        is_escape = g_ascii_isxdigit (p[skip + i]); /* stops at the NUL */
      if (is_escape)
        g_string_append_unichar (text, make_character (p + skip, n));
      else
        g_string_append_c (text, *p);
      p += is_escape ? skip + n : 1;
    }
  return g_string_free (text, FALSE);
}

/* QSettings writes values as "a, b" if they need it, with the escapes of C; \x takes all digits that follow. */
static char *
unescape_value (const char *value)
{
  static const char names[] = "abfnrtv0", characters[] = "\a\b\f\n\r\t\v ";
  GString *text = g_string_new (NULL);
  gboolean in_quotes = FALSE;

  for (const char *p = value; *p != '\0'; p++)
    {
      const char *name;
      gsize n;

      if (*p == '"')
        in_quotes = !in_quotes;
      else if (*p != '\\' || p[1] == '\0')
        g_string_append_c (text, *p);
      else if (*++p == 'x' && (n = strspn (p + 1, "0123456789abcdefABCDEF")) > 0)
        {
          g_string_append_unichar (text, make_character (p + 1, MIN (n, 6)));
          p += n;
        }
      else if ((name = strchr (names, *p)) != NULL)
        g_string_append_c (text, characters[name - names]);
      else
        g_string_append_c (text, *p);
    }
  return g_strstrip (g_string_free (text, FALSE));
}

/* A packet that would be an HTTP request of the other program's making: its hexString is only the body. */
static gboolean
is_http (const char *protocol)
{
  g_autofree char *lower = g_ascii_strdown (protocol, -1);
  return strstr (lower, "http") != NULL;
}

static void
add_packet (Import *import, const char *name, const char *hex, const char *protocol)
{
  if (protocol != NULL && is_http (protocol))
    note_bad (import, name, _ ("it is an HTTP request, not bytes to send"));
  else
    add_hex (import, name, hex);
}

/* Beside the key hexString are name and tcpOrUdp. A packet "a/b" is section a with keys b\hexString. */
static void
add_packet_of_entry (Import *import, GArray *entries, guint i)
{
  const Entry *entry = &g_array_index (entries, Entry, i);
  const char *last = strrchr (entry->key, '\\');
  g_autofree char *prefix = last != NULL ? g_strndup (entry->key, last + 1 - entry->key) : g_strdup ("");
  g_autofree char *name_key = g_strconcat (prefix, "name", NULL);
  g_autofree char *protocol_key = g_strconcat (prefix, "tcpOrUdp", NULL);
  const char *kept_name = find_beside (entries, i, name_key);
  g_autofree char *name = kept_name != NULL ? unescape_value (kept_name) : unescape_key (entry->section);
  g_autofree char *hex = unescape_value (entry->value);

  add_packet (import, name, hex, find_beside (entries, i, protocol_key));
}

static gboolean
import_packets (Import *import, GArray *entries)
{
  gboolean found = FALSE;

  for (guint i = 0; i < entries->len && import->presets->len + import->n_bad < MAX_PRESETS; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      const char *last = strrchr (entry->key, '\\');

      if (g_ascii_strcasecmp (last != NULL ? last + 1 : entry->key, "hexString") != 0)
        continue;
      add_packet_of_entry (import, entries, i);
      found = TRUE;
    }
  return found;
}

static gboolean
import_packet_array (Import *import, JsonArray *tainted_array)
{
  guint n = json_array_get_length (tainted_array);
  gboolean found = FALSE;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *tainted_node = json_array_get_element (tainted_array, i);
      const char *name = "", *hex = NULL, *protocol = NULL;
      g_autoptr (GError) error = NULL;
      JsonObject *tainted_object;

      if (!JSON_NODE_HOLDS_OBJECT (tainted_node))
        continue;
      tainted_object = json_node_get_object (tainted_node);
      if (!json_object_has_member (tainted_object, "hexstring"))
        continue;
      found = TRUE;
      if (!skt_json_read_string (tainted_object, "name", &name, &error) ||
          !skt_json_read_string (tainted_object, "hexstring", &hex, &error) ||
          !skt_json_read_string (tainted_object, "tcporudp", &protocol, &error))
        note_bad (import, name, error->message);
      else
        add_packet (import, name, hex != NULL ? hex : "", protocol);
    }
  return found;
}

/* -- SSCOM --------------------------------------------------------------------------------------------------- */

/* The number of a key "N12"; 0: it is none. */
static guint
get_number (const char *key)
{
  guint64 number;

  if (key[0] != 'N' || !g_ascii_string_to_unsigned (key + 1, 10, 1, 9999, &number, NULL))
    return 0;
  return number;
}

static gboolean
is_sscom_message (const Entry *entry)
{
  return get_number (entry->key) != 0 && entry->value[0] != '\0' && strchr ("AaHh", entry->value[0]) != NULL &&
         entry->value[1] == ',';
}

static const char *
find_number (GArray *entries, guint number)
{
  for (guint i = 0; i < entries->len; i++)
    if (get_number (g_array_index (entries, Entry, i).key) == number)
      return g_array_index (entries, Entry, i).value;
  return NULL;
}

/* Of "order,name,pause": the name, or "N5". */
static char *
dup_sscom_name (GArray *entries, guint number)
{
  const char *about = find_number (entries, 100 + number);
  g_auto (GStrv) parts = g_strsplit (about != NULL ? about : "", ",", 3);

  if (g_strv_length (parts) >= 2 && parts[1][0] != '\0' && strchr ("AaHh", parts[0][0] != '\0' ? parts[0][0] : '0') == NULL)
    return g_strdup (parts[1]);
  return g_strdup_printf ("N%u", number);
}

/* N1 to N99 are messages, "A,text" or "H,hex". Since version 5 what they are called is in N101 to N199 and the settings are above N1000; before,
 * the settings began at N33. */
static gboolean
import_sscom (Import *import, GArray *entries)
{
  const char *new_line = find_number (entries, 1057);
  gboolean is_seen[101] = { FALSE, };
  gboolean found = FALSE;

  if (new_line == NULL && find_number (entries, 1051) == NULL)
    new_line = find_number (entries, 37);
  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      guint number = get_number (entry->key);
      g_autofree char *name = NULL;

      if (!is_sscom_message (entry) || number > 100 || is_seen[number])
        continue;
      found = is_seen[number] = TRUE;
      if (entry->value[2] == '\0')
        continue; /* a place that is not used */
      name = dup_sscom_name (entries, number);
      if (g_ascii_toupper (entry->value[0]) == 'H')
        add_hex (import, name, entry->value + 2);
      else
        add (import, name, &(SktMessageSettings){ .form = SKT_MESSAGE_TEXT, .source = entry->value + 2, .encoding = import->encoding,
                                                  .ending = g_strcmp0 (new_line, ",Y") == 0 ? SKT_LINE_ENDING_CRLF : SKT_LINE_ENDING_NONE });
    }
  return found;
}

/* -- NetAssist ----------------------------------------------------------------------------------------------- */

/* name=payload, which does not say whether it is hex: it is if it can be. */
static gboolean
import_netassist (Import *import, GArray *entries)
{
  gboolean found = FALSE;

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);
      g_autoptr (GBytes) bytes = NULL;

      if (g_ascii_strcasecmp (entry->section, "SHORTCUT") != 0)
        continue;
      found = TRUE;
      if (entry->value[0] == '\0')
        continue;
      bytes = skt_hex_parse (entry->value, -1, NULL, NULL);
      if (bytes != NULL)
        add_hex (import, entry->key, entry->value);
      else
        add (import, entry->key,
             &(SktMessageSettings){ .form = SKT_MESSAGE_TEXT, .source = entry->value, .encoding = import->encoding });
    }
  return found;
}

/* -- All ----------------------------------------------------------------------------------------------------- */

/* UTF-8, or else what these programs write on the systems they are made for. */
static char *
decode (const char *tainted_text, gsize length, SktEncoding *ret_encoding)
{
  GString *text = g_string_new (NULL);
  SktCarry carry = { 0, };

  *ret_encoding = g_utf8_validate (tainted_text, length, NULL) ? SKT_ENCODING_UTF_8 : SKT_ENCODING_GBK;
  if (*ret_encoding == SKT_ENCODING_UTF_8)
    g_string_append_len (text, tainted_text, length);
  else
    skt_decode_append_plain (SKT_ENCODING_GBK, &carry, (const guint8 *) tainted_text, length, TRUE, text);
  return g_string_free (text, FALSE);
}

static gboolean
import_ini (Import *import, const char *tainted_text, gsize length, SktPresetFile *ret_file)
{
  g_autofree char *text = decode (tainted_text, length, &import->encoding);
  g_autoptr (GArray) entries = split_entries (text);

  if (import_packets (import, entries))
    *ret_file = SKT_PRESET_FILE_PACKET_SENDER;
  else if (import_netassist (import, entries))
    *ret_file = SKT_PRESET_FILE_NETASSIST;
  else if (import_sscom (import, entries))
    *ret_file = SKT_PRESET_FILE_SSCOM;
  else
    return FALSE;
  return TRUE;
}

static gboolean
import_json (Import *import, JsonNode *tainted_root, SktPresetFile *ret_file, GError **error)
{
  GPtrArray *presets;

  if (JSON_NODE_HOLDS_ARRAY (tainted_root))
    {
      *ret_file = SKT_PRESET_FILE_PACKET_SENDER;
      return import_packet_array (import, json_node_get_array (tainted_root));
    }
  presets = skt_presets_from_json (json_node_get_object (tainted_root), &import->n_bad, &import->problem, error);
  if (presets == NULL)
    return FALSE;
  *ret_file = SKT_PRESET_FILE_OWN;
  g_ptr_array_unref (import->presets);
  import->presets = presets;
  return TRUE;
}

static gsize
skip_space (const char *text, gsize length, gsize i)
{
  while (i < length && g_ascii_isspace (text[i]))
    i++;
  return i;
}

/* "[" begins a section of an INI file too, but that has a name. */
static gboolean
looks_like_json (const char *text, gsize length)
{
  gsize begin = skip_space (text, length, 0), next;

  if (begin == length || (text[begin] != '{' && text[begin] != '['))
    return FALSE;
  next = skip_space (text, length, begin + 1);
  return text[begin] == '{' || (next < length && (text[next] == '{' || text[next] == ']'));
}

static gboolean
import_text (Import *import, const char *tainted_text, gsize length, SktPresetFile *ret_file, GError **error)
{
  g_autoptr (JsonNode) tainted_root = NULL;

  if (length >= 3 && memcmp (tainted_text, "\xEF\xBB\xBF", 3) == 0)
    {
      tainted_text += 3; /* a byte order mark */
      length -= 3;
    }
  if (memchr (tainted_text, '\0', length) != NULL)
    {
      g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("It is not a text"));
      return FALSE;
    }
  if (!looks_like_json (tainted_text, length))
    return import_ini (import, tainted_text, length, ret_file);
  tainted_root = skt_json_parse_node (tainted_text, length, error);
  return tainted_root != NULL && import_json (import, tainted_root, ret_file, error);
}

GPtrArray *
skt_preset_import (const char *tainted_text,
                   gsize length,
                   const char *group,
                   SktPresetFile *ret_file,
                   guint *ret_n_bad,
                   char **ret_problem,
                   GError **error)
{
  Import import = { .presets = g_ptr_array_new_with_free_func (g_object_unref), .group = group };
  SktPresetFile file = SKT_PRESET_FILE_OWN;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (tainted_text != NULL, NULL);

  if (!import_text (&import, tainted_text, length, &file, &local_error))
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE,
                             _ ("There are no presets in it. Presets of this program, packets of Packet Sender (JSON or INI), sscom.ini, "
                                "sscom51.ini and netassist.cfg can be imported."));
      g_clear_pointer (&import.presets, g_ptr_array_unref);
      g_clear_pointer (&import.problem, g_free);
      return NULL;
    }
  if (ret_file != NULL)
    *ret_file = file;
  if (ret_n_bad != NULL)
    *ret_n_bad = import.n_bad;
  if (ret_problem != NULL)
    *ret_problem = g_steal_pointer (&import.problem);
  g_free (import.problem);
  return import.presets;
}
