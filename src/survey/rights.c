#include "survey/survey.h"

enum reach { NOWHERE, OWN, EVERYWHERE };

/* Who may do what, and where. */
static const enum reach rights[][ACTION_COUNT] = {
    /*                         FILL        SUBMIT      SEE_FIELD   EXPORT      MANAGE      TALK        COLLEAGUES */
    [ROLE_CONTACT]         = { OWN,        OWN,        NOWHERE,    NOWHERE,    NOWHERE,    OWN,        OWN        },
    [ROLE_COORDINATOR]     = { NOWHERE,    NOWHERE,    EVERYWHERE, EVERYWHERE, EVERYWHERE, NOWHERE,    NOWHERE    },
    [ROLE_RESEARCHER]      = { NOWHERE,    NOWHERE,    NOWHERE,    EVERYWHERE, NOWHERE,    NOWHERE,    NOWHERE    },
    [ROLE_EXPERT]          = { EVERYWHERE, EVERYWHERE, NOWHERE,    NOWHERE,    NOWHERE,    EVERYWHERE, NOWHERE    },
    [ROLE_ADMINISTRATOR]   = { NOWHERE,    NOWHERE,    EVERYWHERE, EVERYWHERE, EVERYWHERE, NOWHERE,    NOWHERE    },
};

bool rights_allow(const struct actor *actor, enum action action, int64_t institution) {
  enum reach reach = rights[actor->role][action];
  return reach == EVERYWHERE || (reach == OWN && actor->institution != 0 && actor->institution == institution);
}
