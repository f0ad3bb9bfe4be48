#include "language/callables.hpp"

namespace hookline::language {

namespace {

struct Method {
    std::string_view name;
    const Callable* (*find)(std::string_view);
    std::string_view meant;
};
/// Python's methods that people know, and what they are here.
constexpr std::array<Method, 11> methods{{{"startswith", find_function, "startswith"},
                                          {"endswith", find_function, "endswith"},
                                          {"upper", find_filter, "upper"},
                                          {"lower", find_filter, "lower"},
                                          {"title", find_filter, "title"},
                                          {"capitalize", find_filter, "capitalize"},
                                          {"strip", find_filter, "trim"},
                                          {"replace", find_filter, "replace"},
                                          {"items", find_filter, "items"},
                                          {"keys", find_filter, "list"},
                                          {"split", find_filter, "split"}}};

template <class Row>
const Row* find(std::span<const Row> rows, std::string_view name) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

template <class Rows>
std::vector<std::string_view> names_of(const Rows& rows) {
    std::vector<std::string_view> names;
    for (const auto& row : rows) {
        names.push_back(row.name);
    }
    return names;
}

}  // namespace

bool Arguments::given(std::size_t index) const {
    return node_.kind == NodeKind::test ? index < node_.kids.size() : node_.bound[index] >= 0;
}

Place Arguments::place(std::size_t index) const {
    if (!given(index)) {
        return node_.place;
    }
    const std::size_t kid =
        node_.kind == NodeKind::test ? index : static_cast<std::size_t>(node_.bound[index]);
    return node_.kids[kid]->place;
}

const Callable* find_function(std::string_view name) { return find(functions(), name); }

const Callable* find_filter(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> aliases{
        {{"d", "default"}, {"count", "length"}, {"e", "escape"}, {"safe", "raw"}}};
    for (const auto& [alias, meant] : aliases) {
        name = name == alias ? meant : name;
    }
    return find(filters(), name);
}

const Callable* find_method(std::string_view name) {
    const auto found = std::find_if(methods.begin(), methods.end(),
                                    [&](const Method& method) { return method.name == name; });
    return found == methods.end() ? nullptr : found->find(found->meant);
}

const Test* find_test(std::string_view name) { return find(tests(), name); }

std::vector<std::string_view> function_names() { return names_of(functions()); }
std::vector<std::string_view> filter_names() { return names_of(filters()); }
std::vector<std::string_view> method_names() { return names_of(methods); }
std::vector<std::string_view> test_names() { return names_of(tests()); }

}  // namespace hookline::language
