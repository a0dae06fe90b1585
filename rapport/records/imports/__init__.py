"""Files into records: `reading` opens any table, `mapping` proposes where its columns go."""
