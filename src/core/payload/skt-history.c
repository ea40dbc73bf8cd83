/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-history.h"

#include "skt-error.h"
#include "skt-json-file.h"
#include "skt-json.h"
#include "skt-message-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FORMAT "socketeer-history"
#define VERSION 1

struct _SktHistory
{
  GObject parent_instance;

  GQueue messages; /* SktMessage, the newest first */
  gsize size;      /* of all their sources */
  SktJsonFile *file;
  char *problem;
};

enum
{
  PROP_0,
  PROP_PROBLEM,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SktHistory, skt_history, G_TYPE_OBJECT)

static gsize
get_size (SktMessage *message)
{
  return strlen (skt_message_get_settings (message)->source);
}

gboolean
skt_history_is_same (SktMessage *a, SktMessage *b)
{
  const SktMessageSettings *x = skt_message_get_settings (a), *y = skt_message_get_settings (b);

  return x->form == y->form && g_str_equal (x->source, y->source) && x->encoding == y->encoding && x->ending == y->ending &&
         !x->has_escapes == !y->has_escapes && !x->has_placeholders == !y->has_placeholders && !x->has_checksum == !y->has_checksum &&
         x->checksum == y->checksum && x->checksum_begin == y->checksum_begin && x->checksum_end == y->checksum_end &&
         x->checksum_at == y->checksum_at && !x->checksum_is_little == !y->checksum_is_little;
}

static gboolean
add (SktHistory *self, SktMessage *message)
{
  SktMessage *newest = g_queue_peek_head (&self->messages);
  gsize size = get_size (message);

  if (size == 0 || size > SKT_HISTORY_MAX_SIZE || (newest != NULL && skt_history_is_same (newest, message)))
    return FALSE;
  g_queue_push_head (&self->messages, skt_message_ref (message));
  self->size += size;
  while (self->messages.length > SKT_HISTORY_MAX || self->size > SKT_HISTORY_MAX_SIZE)
    {
      SktMessage *oldest = g_queue_pop_tail (&self->messages);
      self->size -= get_size (oldest);
      skt_message_unref (oldest);
    }
  return TRUE;
}

static void
changed (SktHistory *self)
{
  if (self->file != NULL)
    skt_json_file_changed (self->file);
  g_signal_emit (self, signals[CHANGED], 0);
}

guint
skt_history_get_n (SktHistory *self)
{
  g_return_val_if_fail (SKT_IS_HISTORY (self), 0);
  return self->messages.length;
}

SktMessage *
skt_history_get (SktHistory *self, guint i)
{
  g_return_val_if_fail (SKT_IS_HISTORY (self), NULL);
  return g_queue_peek_nth (&self->messages, i);
}

void
skt_history_add (SktHistory *self, SktMessage *message)
{
  g_return_if_fail (SKT_IS_HISTORY (self) && message != NULL);
  if (add (self, message))
    changed (self);
}

void
skt_history_clear (SktHistory *self)
{
  g_return_if_fail (SKT_IS_HISTORY (self));

  if (self->messages.length == 0)
    return;
  g_queue_clear_full (&self->messages, (GDestroyNotify) skt_message_unref);
  self->size = 0;
  changed (self);
}

/* -- File ---------------------------------------------------------------------------------------------------- */

static void
set_problem (SktHistory *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static JsonObject *
make_cb (gpointer user_data)
{
  SktHistory *self = user_data;
  JsonObject *object = skt_json_object_new (FORMAT, VERSION);
  JsonArray *array = json_array_sized_new (self->messages.length);

  for (GList *l = self->messages.head; l != NULL; l = l->next)
    json_array_add_object_element (array, skt_message_to_json (l->data));
  json_object_set_array_member (object, "messages", array);
  return object;
}

static void
problem_cb (const char *problem, gpointer user_data)
{
  set_problem (user_data, problem);
}

static void
take_cb (JsonObject *tainted_object, gpointer user_data, GError **error)
{
  SktHistory *self = user_data;
  JsonArray *tainted_array = NULL;
  gboolean is_good = TRUE;

  if (!skt_json_check_format (tainted_object, FORMAT, VERSION, _ ("It is no history"), error) ||
      !skt_json_read_array (tainted_object, "messages", &tainted_array, error) || tainted_array == NULL)
    return;
  for (guint i = json_array_get_length (tainted_array); i > 0; i--)
    {
      JsonNode *tainted_node = json_array_get_element (tainted_array, i - 1);
      g_autoptr (SktMessage) message = NULL;

      if (JSON_NODE_HOLDS_OBJECT (tainted_node))
        message = skt_message_from_json (json_node_get_object (tainted_node), is_good ? error : NULL);
      else if (is_good)
        g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _ ("A message is not an object"));
      is_good = is_good && message != NULL;
      if (message != NULL)
        add (self, message);
    }
}

SktHistory *
skt_history_new (const char *path)
{
  SktHistory *self = g_object_new (SKT_TYPE_HISTORY, NULL);

  if (path != NULL)
    {
      self->file = skt_json_file_new (path, make_cb, problem_cb, self);
      self->problem = skt_json_file_read (self->file, take_cb);
    }
  return self;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
skt_history_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_PROBLEM)
    g_value_set_string (value, SKT_HISTORY (object)->problem);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
skt_history_finalize (GObject *object)
{
  SktHistory *self = SKT_HISTORY (object);

  g_clear_pointer (&self->file, skt_json_file_free);
  g_queue_clear_full (&self->messages, (GDestroyNotify) skt_message_unref);
  g_free (self->problem);
  G_OBJECT_CLASS (skt_history_parent_class)->finalize (object);
}

static void
skt_history_class_init (SktHistoryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_history_get_property;
  object_class->finalize = skt_history_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
skt_history_init (SktHistory *self)
{
  g_queue_init (&self->messages);
}
