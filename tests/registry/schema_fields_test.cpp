// The reader's tables of fields and the JSON Schemas name the same fields.
#include <set>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/json.hpp"
#include "registry/fields.hpp"

namespace uk::registry {
namespace {

base::json schema(const std::string& name) {
    const auto text = base::read_file(std::string{UK_SOURCE_DIR "/docs/schema/"} + name + ".schema.json");
    return text ? base::json::parse(*text) : base::json{};
}

// The properties of a definition, which may stand in one of its alternatives.
std::set<std::string> properties(const base::json& definition) {
    std::set<std::string> names;
    if (definition.contains("properties"))
        for (const auto& [name, unused] : definition["properties"].items()) names.insert(name);
    else if (definition.contains("anyOf"))
        for (const auto& one : definition["anyOf"])
            for (const auto& name : properties(one)) names.insert(name);
    return names;
}

TEST(schema, names_the_fields_that_the_reader_knows) {
    const auto recipe = schema("recipe")["$defs"], manifest = schema("manifest")["$defs"],
               registry = schema("registry")["$defs"];
    for (const auto* set : all_field_sets()) {
        const std::string name{set->object};
        const auto& definition = recipe.contains(name) ? recipe[name] : registry[name];
        const std::set<std::string> known{set->names.begin(), set->names.end()};
        EXPECT_EQ(properties(definition), known) << name;
        for (const auto later : set->later) EXPECT_FALSE(known.contains(std::string{later})) << name << ": " << later;
    }
    EXPECT_EQ(recipe, manifest);
}

// Every definition with closed properties is one of the reader's tables: nothing in the schema is unknown to the reader.
TEST(schema, has_no_mapping_that_the_reader_doesnt_know) {
    std::set<std::string> known;
    for (const auto* set : all_field_sets()) known.insert(std::string{set->object});
    const auto definitions = schema("recipe")["$defs"];
    for (const auto& [name, definition] : definitions.items()) {
        const auto is_closed = [](const base::json& one) {
            return one.is_object() && one.value("additionalProperties", base::json{true}) == false;
        };
        bool closed = is_closed(definition);
        for (const auto& one : definition.value("anyOf", base::json::array())) closed = closed || is_closed(one);
        EXPECT_TRUE(!closed || known.contains(name)) << name;
    }
}

} // namespace
} // namespace uk::registry
