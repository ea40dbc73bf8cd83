/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "Skt"

#include "socketeer-config.h"

#include "skt-answer-entry.h"

#include "skt-error.h"
#include "skt-json-file.h"
#include "skt-json.h"

#include <glib/gi18n-lib.h>

#define FORMAT "socketeer-answers"
#define VERSION 1
#define MAX_UNDO 100

/* The rules are immutable, so a state of before is an array of references. */
struct _SktAnswerStore
{
  GObject parent_instance;

  GPtrArray *entries;   /* of SktAnswerEntry */
  GPtrArray *undo;      /* of GPtrArray of SktAnswerEntry, the last state last */
  SktJsonFile *file;    /* NULL: only in memory */
  char *problem;
};

enum
{
  PROP_0,
  PROP_PROBLEM,
  PROP_CAN_UNDO,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SktAnswerStore, skt_answer_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return SKT_TYPE_ANSWER_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return SKT_ANSWER_STORE (model)->entries->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  SktAnswerStore *self = SKT_ANSWER_STORE (model);

  return position < self->entries->len ? g_object_ref (self->entries->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* -- States -------------------------------------------------------------------------------------------------- */

static void
set_problem (SktAnswerStore *self, const char *problem)
{
  if (g_strcmp0 (self->problem, problem) == 0)
    return;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROBLEM]);
}

static GPtrArray *
copy_state (SktAnswerStore *self)
{
  GPtrArray *copy = g_ptr_array_new_full (self->entries->len, g_object_unref);

  for (guint i = 0; i < self->entries->len; i++)
    g_ptr_array_add (copy, g_object_ref (self->entries->pdata[i]));
  return copy;
}

/* Takes `entries`. What is the same at both ends is not told. */
static void
set_state (SktAnswerStore *self, GPtrArray *entries)
{
  g_autoptr (GPtrArray) before = self->entries;
  guint begin = 0, end = 0, n_least = MIN (before->len, entries->len);

  self->entries = entries;
  while (begin < n_least && before->pdata[begin] == entries->pdata[begin])
    begin++;
  while (end < n_least - begin && before->pdata[before->len - 1 - end] == entries->pdata[entries->len - 1 - end])
    end++;
  if (self->file != NULL)
    skt_json_file_changed (self->file);
  if (begin + end < MAX (before->len, entries->len))
    g_list_model_items_changed (G_LIST_MODEL (self), begin, before->len - begin - end, entries->len - begin - end);
}

/* Takes `entries`: a step that can be taken back. */
static void
change (SktAnswerStore *self, GPtrArray *entries)
{
  gboolean could_undo = self->undo->len > 0;

  if (self->undo->len == MAX_UNDO)
    g_ptr_array_remove_index (self->undo, 0);
  g_ptr_array_add (self->undo, g_ptr_array_ref (self->entries));
  set_state (self, entries);
  if (!could_undo)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
}

gboolean
skt_answer_store_undo (SktAnswerStore *self)
{
  g_return_val_if_fail (SKT_IS_ANSWER_STORE (self), FALSE);

  if (self->undo->len == 0)
    return FALSE;
  set_state (self, g_ptr_array_steal_index (self->undo, self->undo->len - 1));
  if (self->undo->len == 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_CAN_UNDO]);
  return TRUE;
}

gboolean
skt_answer_store_insert (SktAnswerStore *self, guint position, SktAnswerEntry *entry)
{
  GPtrArray *entries;

  g_return_val_if_fail (SKT_IS_ANSWER_STORE (self) && SKT_IS_ANSWER_ENTRY (entry), FALSE);

  if (self->entries->len >= SKT_ANSWER_MAX_RULES)
    return FALSE;
  entries = copy_state (self);
  g_ptr_array_insert (entries, MIN (position, entries->len), g_object_ref (entry));
  change (self, entries);
  return TRUE;
}

void
skt_answer_store_replace (SktAnswerStore *self, guint position, SktAnswerEntry *entry)
{
  GPtrArray *entries;

  g_return_if_fail (SKT_IS_ANSWER_STORE (self) && SKT_IS_ANSWER_ENTRY (entry));
  g_return_if_fail (position < self->entries->len);

  entries = copy_state (self);
  g_object_unref (entries->pdata[position]);
  entries->pdata[position] = g_object_ref (entry);
  change (self, entries);
}

void
skt_answer_store_remove (SktAnswerStore *self, guint position)
{
  GPtrArray *entries;

  g_return_if_fail (SKT_IS_ANSWER_STORE (self) && position < self->entries->len);

  entries = copy_state (self);
  g_ptr_array_remove_index (entries, position);
  change (self, entries);
}

gboolean
skt_answer_store_move (SktAnswerStore *self, guint position, int delta)
{
  gint64 target = (gint64) position + delta;
  GPtrArray *entries;
  gpointer entry;

  g_return_val_if_fail (SKT_IS_ANSWER_STORE (self) && position < self->entries->len, FALSE);

  if (delta == 0 || target < 0 || target >= self->entries->len)
    return FALSE;
  entries = copy_state (self);
  entry = g_ptr_array_steal_index (entries, position);
  g_ptr_array_insert (entries, (int) target, entry);
  change (self, entries);
  return TRUE;
}

/* -- The file ------------------------------------------------------------------------------------------------ */

static JsonObject *
make_cb (gpointer user_data)
{
  SktAnswerStore *self = user_data;
  JsonObject *object = skt_json_object_new (FORMAT, VERSION);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    json_array_add_object_element (array, skt_answer_entry_to_json (self->entries->pdata[i]));
  json_object_set_array_member (object, "answers", array);
  return object;
}

static void
problem_cb (const char *problem, gpointer user_data)
{
  set_problem (user_data, problem);
}

/* Fills the entries. */
static void
take_cb (JsonObject *tainted_object, gpointer user_data, GError **error)
{
  SktAnswerStore *self = user_data;
  JsonArray *tainted_array = NULL;
  gboolean is_good = TRUE;

  if (!skt_json_check_format (tainted_object, FORMAT, VERSION, _ ("It holds no rules"), error) ||
      !skt_json_read_array (tainted_object, "answers", &tainted_array, error))
    return;
  for (guint i = 0; tainted_array != NULL && i < json_array_get_length (tainted_array); i++)
    {
      JsonNode *node = json_array_get_element (tainted_array, i);
      SktAnswerEntry *entry = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node) && self->entries->len < SKT_ANSWER_MAX_RULES)
        entry = skt_answer_entry_from_json (json_node_get_object (node), is_good ? error : NULL);
      else if (is_good)
        g_set_error_literal (error, SKT_ERROR, SKT_ERROR_BAD_FILE, _("one of the rules is none, or they are too many"));
      if (entry != NULL)
        g_ptr_array_add (self->entries, entry);
      else
        is_good = FALSE;
    }
}

SktAnswerStore *
skt_answer_store_new (const char *path)
{
  SktAnswerStore *self = g_object_new (SKT_TYPE_ANSWER_STORE, NULL);

  if (path != NULL)
    {
      self->file = skt_json_file_new (path, make_cb, problem_cb, self);
      self->problem = skt_json_file_read (self->file, take_cb);
    }
  return self;
}

const char *
skt_answer_store_get_problem (SktAnswerStore *self)
{
  g_return_val_if_fail (SKT_IS_ANSWER_STORE (self), NULL);

  return self->problem;
}

/* -- GObject ------------------------------------------------------------------------------------------------- */

static void
skt_answer_store_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  SktAnswerStore *self = SKT_ANSWER_STORE (object);

  if (prop_id == PROP_PROBLEM)
    g_value_set_string (value, self->problem);
  else if (prop_id == PROP_CAN_UNDO)
    g_value_set_boolean (value, self->undo->len > 0);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
skt_answer_store_finalize (GObject *object)
{
  SktAnswerStore *self = SKT_ANSWER_STORE (object);

  g_clear_pointer (&self->file, skt_json_file_free);
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->undo);
  g_free (self->problem);
  G_OBJECT_CLASS (skt_answer_store_parent_class)->finalize (object);
}

static void
skt_answer_store_class_init (SktAnswerStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = skt_answer_store_get_property;
  object_class->finalize = skt_answer_store_finalize;
  props[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL,
                                             G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  props[PROP_CAN_UNDO] = g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                                               G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
skt_answer_store_init (SktAnswerStore *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  self->undo = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
}
