// A reference to something callable, for visitors: two words, never owns, never allocates.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

namespace uk {

template <class Signature>
class function_ref;

/// Valid as long as what it refers to: for parameters, not for members.
template <class Result, class... Arguments>
class function_ref<Result(Arguments...)> {
  public:
    template <class Callable>
        requires(!std::same_as<std::remove_cvref_t<Callable>, function_ref> &&
                 std::is_invocable_r_v<Result, Callable&, Arguments...>)
    function_ref(Callable&& callable)
        : object_{const_cast<void*>(static_cast<const void*>(__builtin_addressof(callable)))},
          call_{[](void* object, Arguments... arguments) -> Result {
              return (*static_cast<std::remove_reference_t<Callable>*>(object))(std::forward<Arguments>(arguments)...);
          }} {}

    Result operator()(Arguments... arguments) const { return call_(object_, std::forward<Arguments>(arguments)...); }

  private:
    void* object_;
    Result (*call_)(void*, Arguments...);
};

} // namespace uk
